import { type ASTNode } from '@marcbachmann/cel-js';
import { type Code, type CompileNode, type CompileScope } from './compile-scope.js';
import { ExpressionCompileError, ExpressionError } from './errors.js';
import { type Evaluation, type Run } from './evaluation.js';
import * as T from './type.js';
import { type CelValue, kindName } from './value.js';

const BOOL: T.Type = { mask: T.BOOL };

export function asBool(value: CelValue): boolean {
  if (typeof value !== 'boolean') throw new ExpressionError(`expected bool, got ${kindName(value)}`);
  return value;
}
export function requireBool(code: Code, position: number): Code {
  if ((code.type.mask & T.BOOL) === 0)
    throw new ExpressionCompileError(`expected bool, got ${T.typeName(code.type.mask)}`, position);
  return code;
}

export function not(operand: Code, position: number): Code {
  requireBool(operand, position);
  return { type: BOOL, run: (e) => !asBool(operand.run(e)), size: operand.size + 1 };
}

/** `true || error` is true and `error || true` too, as CEL has it; the same for false and `&&`. */
export function compileLogical(
  operator: '||' | '&&',
  [a, b]: readonly [ASTNode, ASTNode],
  scope: CompileScope,
  compile: CompileNode,
): Code {
  const left = requireBool(compile(a, scope), a.pos);
  const right = requireBool(compile(b, scope), b.pos);
  return { type: BOOL, run: logical(operator === '||', left.run, right.run), size: left.size + right.size + 1 };
}

const logical =
  (decisive: boolean, left: Run, right: Run): Run =>
  (e) => {
    const first = attempt(left, e);
    if (first === decisive) return decisive;
    if (asBool(right(e)) === decisive) return decisive;
    if (first instanceof ExpressionError) throw first;
    return !decisive;
  };

/** A bool, or the error that asking for it gave. */
export function attempt(run: Run, e: Evaluation): boolean | ExpressionError {
  try {
    return asBool(run(e));
  } catch (error) {
    return e.swallow(error);
  }
}

export function compileTernary(
  [condition, yes, no]: readonly [ASTNode, ASTNode, ASTNode],
  scope: CompileScope,
  compile: CompileNode,
): Code {
  const test = requireBool(compile(condition, scope), condition.pos);
  const [then, otherwise] = [compile(yes, scope), compile(no, scope)];
  return {
    type: T.union(then.type, otherwise.type),
    run: (e) => (asBool(test.run(e)) ? then.run(e) : otherwise.run(e)),
    size: test.size + then.size + otherwise.size + 1,
  };
}
