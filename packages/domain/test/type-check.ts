import path from 'node:path';
import ts from 'typescript';

/** Beside a package that has LangGraph: its own types decide. */
const FILE = path.resolve(import.meta.dirname, '../../engine/generated-program.ts');
const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  noUncheckedIndexedAccess: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: [],
};

/** What TypeScript says against a program, syntax and types. */
export const typeErrors = (text: string): string[] => {
  const host = ts.createCompilerHost(OPTIONS);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    name === FILE ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : read(name, ...rest);
  const program = ts.createProgram([FILE], OPTIONS, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
};

/** The statements of a program, by kind; what does not parse is told apart. */
export const parsed = (text: string): { errors: number; imports: number; calls: string[] } => {
  const { diagnostics } = ts.transpileModule(text, { reportDiagnostics: true, compilerOptions: OPTIONS });
  const source = ts.createSourceFile(FILE, text, ts.ScriptTarget.ES2022, true);
  const calls: string[] = [];
  let imports = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) imports += 1;
    if (ts.isCallExpression(node)) calls.push(node.expression.getText());
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { errors: diagnostics?.length ?? 0, imports, calls };
};
