import { type ASTNode } from '@marcbachmann/cel-js';
import { ExpressionCompileError } from './errors.js';
import { type Run } from './evaluation.js';
import { type Type } from './type.js';

/** Deeper trees than this are refused: compiling and running recurse along them. */
const MAX_TREE_DEPTH = 500;

/** What a node compiles to. */
export interface Code {
  readonly type: Type;
  readonly run: Run;
  /** nodes below and including it: the steps one run of it costs, loops aside */
  readonly size: number;
  /** it can only be a value of the scope, as it is: JSON already */
  readonly scoped?: boolean;
}

/** Names a node can see: the declared variables and the iteration variables around it. */
export interface CompileScope {
  readonly variables: ReadonlySet<string>;
  readonly locals: ReadonlyMap<string, { slot: number; type: Type }>;
  /** how many iteration variables are around it */
  readonly loops: number;
  readonly depth: number;
}

export function deeper(scope: CompileScope): CompileScope {
  if (scope.depth >= MAX_TREE_DEPTH) throw new ExpressionCompileError('the expression is nested too deeply');
  return { ...scope, depth: scope.depth + 1 };
}
export const withLocal = (scope: CompileScope, name: string, type: Type): CompileScope => ({
  ...scope,
  loops: scope.loops + 1,
  locals: new Map(scope.locals).set(name, { slot: scope.loops, type }),
});

/** What compiles a node of any kind, handed to those that have nodes below them. */
export type CompileNode = (node: ASTNode, scope: CompileScope) => Code;
