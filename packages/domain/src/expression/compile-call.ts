import { type ASTNode } from '@marcbachmann/cel-js';
import { compilePattern, type Pattern } from '../pattern/pattern.js';
import { compileHas } from './compile-access.js';
import { compileMacro, isMacro } from './compile-macro.js';
import { type Code, type CompileNode, type CompileScope } from './compile-scope.js';
import { ExpressionCompileError, ExpressionError } from './errors.js';
import { type Run } from './evaluation.js';
import { overloadsOf } from './functions/catalog.js';
import { matchesPattern } from './functions/strings.js';
import { type Overload } from './functions/overload.js';
import * as T from './type.js';
import { type CelValue, kindName, kindOf } from './value.js';

/** A macro, a method of `receiver`, or a function. */
export function compileCall(
  name: string,
  receiver: ASTNode | undefined,
  args: readonly ASTNode[],
  position: number,
  scope: CompileScope,
  compile: CompileNode,
): Code {
  if (receiver === undefined && name === 'has' && args.length === 1)
    return compileHas(args[0], position, scope, compile);
  if (receiver !== undefined && isMacro(name, args.length)) return compileMacro(name, receiver, args, scope, compile);
  const qualified = receiver?.op === 'id' ? overloadsOf(`${receiver.args}.${name}`, 'function') : undefined;
  const operands = receiver === undefined || qualified ? args : [receiver, ...args];
  const overloads = qualified ?? overloadsOf(name, receiver === undefined ? 'function' : 'method');
  if (overloads === undefined)
    throw new ExpressionCompileError(`unknown ${receiver === undefined ? 'function' : 'method'} '${name}'`, position);
  const codes = operands.map((operand) => compile(operand, scope));
  const made = call(name, overloads, codes, position);
  const pattern = name === 'matches' ? literalPattern(operands[1]) : undefined;
  return pattern ? { ...made, run: matchLiteral(codes[0] as Code, pattern) } : made;
}

/** A pattern that is written out is compiled once, and refused at publish, not when it runs. */
function literalPattern(pattern: ASTNode | undefined): Pattern | undefined {
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string') return undefined;
  try {
    return compilePattern(pattern.args);
  } catch (error) {
    throw new ExpressionCompileError((error as Error).message, pattern.pos);
  }
}

const matchLiteral =
  (text: Code, pattern: Pattern): Run =>
  (e) => {
    const value = text.run(e);
    if (typeof value !== 'string') throw noOverload('matches', [value, '']);
    return matchesPattern(e, value, pattern);
  };

function call(name: string, overloads: readonly Overload[], operands: readonly Code[], position: number): Code {
  const types = operands.map((operand) => operand.type);
  const possible = overloads.filter(
    ({ params }) =>
      params.length === types.length && params.every((mask, i) => (mask & (types[i] as T.Type).mask) !== 0),
  );
  if (possible.length === 0) {
    const given = types.map((type) => T.typeName(type.mask)).join(', ');
    throw new ExpressionCompileError(`no matching overload: ${name}(${given})`, position);
  }
  return {
    type: possible.map(({ result }) => (typeof result === 'number' ? { mask: result } : result(types))).reduce(T.union),
    run: dispatch(
      name,
      possible,
      operands.map((operand) => operand.run),
    ),
    size: operands.reduce((size, operand) => size + operand.size, 1),
  };
}

/** The first overload that takes the values, which are known only while running. */
function dispatch(name: string, possible: readonly Overload[], operands: readonly Run[]): Run {
  return (e) => {
    const args = operands.map((operand) => operand(e));
    const kinds = args.map(kindOf);
    for (const one of possible) {
      if (one.params.every((mask, i) => (mask & (kinds[i] as number)) !== 0)) return one.run(e, ...args);
    }
    throw noOverload(name, args);
  };
}
const noOverload = (name: string, args: readonly CelValue[]): ExpressionError =>
  new ExpressionError(`no matching overload: ${name}(${args.map(kindName).join(', ')})`);
