import { type ASTNode } from '@marcbachmann/cel-js';
import { UnsignedInt } from '@marcbachmann/cel-js/evaluator';
import { compileAccess, compileIndex } from './compile-access.js';
import { compileCall } from './compile-call.js';
import { compileLogical, compileTernary, not } from './compile-logic.js';
import { type Code, type CompileNode, type CompileScope, deeper } from './compile-scope.js';
import { ExpressionCompileError, ExpressionError } from './errors.js';
import { BINARY, type Binary, negate, uint64 } from './operators.js';
import { binaryType, NEGATABLE } from './operator-types.js';
import * as T from './type.js';
import { type CelValue, kindName, kindOf, mapKey, type MapKey, TypeValue } from './value.js';

type Node<Op extends ASTNode['op']> = Extract<ASTNode, { op: Op }>;

/** Checks a node's types and makes what runs it. @throws ExpressionCompileError */
export const compileNode: CompileNode = (node, outer) => {
  const scope = deeper(outer);
  switch (node.op) {
    case 'value':
      return constant(literal(node.args));
    case 'id':
      return identifier(node.args, scope, node.pos);
    case '.':
      return compileAccess(node.args[0], node.args[1], node.pos, scope, compileNode);
    case '[]':
      return compileIndex(node.args[0], node.args[1], node.pos, scope, compileNode);
    case 'call':
      return compileCall(node.args[0], undefined, node.args[1], node.pos, scope, compileNode);
    case 'rcall':
      return compileCall(node.args[0], node.args[1], node.args[2], node.pos, scope, compileNode);
    case 'list':
      return list(node, scope);
    case 'map':
      return map(node, scope);
    case '?:':
      return compileTernary(node.args, scope, compileNode);
    case '||':
    case '&&':
      return compileLogical(node.op, node.args, scope, compileNode);
    case '!_':
      return not(compileNode(node.args, scope), node.pos);
    case '-_':
      return minus(node, scope);
    case '.?':
    case '[?]':
      throw new ExpressionCompileError('optional access is not part of the language', node.pos);
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case 'in':
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return binary(node, scope);
  }
};

type Literal = Node<'value'>['args'];
const literal = (value: Literal): CelValue => (value instanceof UnsignedInt ? uint64(BigInt(String(value))) : value);
const constant = (value: CelValue): Code => ({ type: { mask: kindOf(value) }, run: () => value, size: 1 });

function identifier(name: string, scope: CompileScope, position: number): Code {
  const local = scope.locals.get(name);
  if (local) return { type: local.type, run: (e) => e.locals[local.slot] as CelValue, size: 1 };
  if (scope.variables.has(name)) return { type: T.DYN, run: (e) => variable(e.scope, name), size: 1, scoped: true };
  const type = T.TYPE_BY_NAME.get(name);
  if (type !== undefined) return constant(new TypeValue(type));
  const known = [...scope.variables].join(', ');
  throw new ExpressionCompileError(`unknown variable '${name}'; known here: ${known || 'none'}`, position);
}
function variable(scope: Record<string, CelValue>, name: string): CelValue {
  const value = Object.hasOwn(scope, name) ? scope[name] : undefined;
  if (value === undefined) throw new ExpressionError(`the variable '${name}' has no value here`);
  return value;
}

const sizeOf = (codes: readonly Code[]): number => codes.reduce((size, code) => size + code.size, 1);

function list(node: Node<'list'>, scope: CompileScope): Code {
  const items = node.args.map((item) => compileNode(item, scope));
  const runs = items.map((item) => item.run);
  const element = items.length === 0 ? T.DYN : items.map((item) => item.type).reduce(T.union);
  return { type: { mask: T.LIST, element }, run: (e) => runs.map((run) => run(e)), size: sizeOf(items) };
}

const KEYS = T.STRING | T.BOOL | T.NUMBER;
function map(node: Node<'map'>, scope: CompileScope): Code {
  const entries = node.args.map(([key, value]): [Code, Code] => {
    const code = compileNode(key, scope);
    if ((code.type.mask & KEYS) === 0)
      throw new ExpressionCompileError(`${T.typeName(code.type.mask)} cannot be a key of a map`, key.pos);
    return [code, compileNode(value, scope)];
  });
  const value = entries.length === 0 ? T.DYN : entries.map(([, code]) => code.type).reduce(T.union);
  return {
    type: { mask: T.MAP, value },
    run: (e) => {
      const made = new Map<MapKey, CelValue>();
      for (const [key, code] of entries) {
        const name = keyOf(key.run(e));
        if (made.has(name)) throw new ExpressionError(`the map has the key ${String(name)} twice`);
        made.set(name, code.run(e));
      }
      return made;
    },
    // Each entry is also hashed and written.
    size: sizeOf(entries.flat()) + 2 * entries.length,
  };
}
function keyOf(value: CelValue): MapKey {
  const key = mapKey(value);
  if (key === undefined) throw new ExpressionError(`${kindName(value)} cannot be a key of a map`);
  return key;
}

function minus(node: Node<'-_'>, scope: CompileScope): Code {
  const operand = compileNode(node.args, scope);
  const mask = operand.type.mask & NEGATABLE;
  if (mask === 0) throw new ExpressionCompileError(`no such overload: -${T.typeName(operand.type.mask)}`, node.pos);
  return { type: { mask }, run: (e) => negate(operand.run(e)), size: operand.size + 1 };
}

function binary(node: Extract<ASTNode, { args: [ASTNode, ASTNode] }>, scope: CompileScope): Code {
  const [left, right] = [compileNode(node.args[0], scope), compileNode(node.args[1], scope)];
  const type = binaryType(node.op, left.type, right.type);
  if (type === undefined) {
    const [a, b] = [T.typeName(left.type.mask), T.typeName(right.type.mask)];
    throw new ExpressionCompileError(`no such overload: ${a} ${node.op} ${b}`, node.pos);
  }
  const operate = BINARY[node.op] as Binary;
  return { type, run: (e) => operate(left.run(e), right.run(e), e), size: left.size + right.size + 1 };
}
