import { type ASTNode } from '@marcbachmann/cel-js';
import { shortened } from '../errors/text.js';
import { type Code, type CompileNode, type CompileScope } from './compile-scope.js';
import { ExpressionCompileError, ExpressionError } from './errors.js';
import * as T from './type.js';
import {
  type CelList,
  type CelMap,
  type CelValue,
  isList,
  isMap,
  kindName,
  mapGet,
  mapKey,
  TypeValue,
} from './value.js';

function member(value: CelValue, name: string): CelValue {
  if (!isMap(value)) throw new ExpressionError(`${kindName(value)} has no member '${name}'`);
  const found = mapGet(value, name);
  if (found === undefined) throw new ExpressionError(`no such key: ${name}`);
  return found;
}

/** `google.protobuf.Timestamp` and the like name a type. */
function qualifiedName(node: ASTNode): string | undefined {
  if (node.op === 'id') return node.args;
  if (node.op !== '.') return undefined;
  const prefix = qualifiedName(node.args[0]);
  return prefix === undefined ? undefined : `${prefix}.${node.args[1]}`;
}
function namedType(operand: ASTNode, name: string, scope: CompileScope): Code | undefined {
  const prefix = qualifiedName(operand);
  if (prefix === undefined || scope.variables.has(prefix) || scope.locals.has(prefix)) return undefined;
  const mask = T.TYPE_BY_NAME.get(`${prefix}.${name}`);
  return mask === undefined ? undefined : { type: { mask: T.TYPE }, run: () => new TypeValue(mask), size: 1 };
}

/** `operand.name` */
export function compileAccess(
  operand: ASTNode,
  name: string,
  position: number,
  scope: CompileScope,
  compile: CompileNode,
): Code {
  const type = namedType(operand, name, scope);
  if (type) return type;
  const object = mapOperand(compile(operand, scope), name, position);
  return {
    type: object.type.value ?? T.DYN,
    run: (e) => member(object.run(e), name),
    size: object.size + 1,
    scoped: object.scoped,
  };
}
function mapOperand(code: Code, name: string, position: number): Code {
  if ((code.type.mask & T.MAP) !== 0) return code;
  throw new ExpressionCompileError(`${T.typeName(code.type.mask)} has no member '${name}'`, position);
}

/** `has(operand.name)`: true for a present member, null included; nothing is a member of null. */
export function compileHas(
  argument: ASTNode | undefined,
  position: number,
  scope: CompileScope,
  compile: CompileNode,
): Code {
  if (argument?.op !== '.') throw new ExpressionCompileError('has() takes a member: has(x.y)', position);
  const [operand, name] = argument.args;
  const code = compile(operand, scope);
  const object = code.type.mask === T.NULL ? code : mapOperand(code, name, position);
  return {
    type: { mask: T.BOOL },
    run: (e) => {
      const value = object.run(e);
      if (value === null) return false;
      if (!isMap(value)) throw new ExpressionError(`${kindName(value)} has no member '${name}'`);
      return mapGet(value, name) !== undefined;
    },
    size: object.size + 1,
  };
}

const INDEX_OF_LIST = T.NUMBER;
const INDEX_OF_MAP = T.STRING | T.BOOL | T.NUMBER;

/** `operand[index]` */
export function compileIndex(
  operand: ASTNode,
  index: ASTNode,
  position: number,
  scope: CompileScope,
  compile: CompileNode,
): Code {
  const [object, key] = [compile(operand, scope), compile(index, scope)];
  const asList = (object.type.mask & T.LIST) !== 0 && (key.type.mask & INDEX_OF_LIST) !== 0;
  const asMap = (object.type.mask & T.MAP) !== 0 && (key.type.mask & INDEX_OF_MAP) !== 0;
  if (!asList && !asMap) {
    const [of, by] = [T.typeName(object.type.mask), T.typeName(key.type.mask)];
    throw new ExpressionCompileError(`${of} has no index of type ${by}`, position);
  }
  return {
    type: elementType(object.type, asList, asMap),
    run: (e) => at(object.run(e), key.run(e)),
    size: object.size + key.size + 1,
    scoped: object.scoped,
  };
}
function elementType(type: T.Type, asList: boolean, asMap: boolean): T.Type {
  if (asList && asMap) return T.DYN;
  return (asList ? type.element : type.value) ?? T.DYN;
}

function at(object: CelValue, key: CelValue): CelValue {
  if (isList(object)) return item(object, key);
  if (!isMap(object)) throw new ExpressionError(`${kindName(object)} has no index`);
  return entry(object, key);
}
function item(list: CelList, key: CelValue): CelValue {
  const index = mapKey(key);
  if (typeof index !== 'bigint') throw new ExpressionError(`a list has no index of type ${kindName(key)}`);
  const found = index >= 0n && index < BigInt(list.length) ? list[Number(index)] : undefined;
  if (found === undefined) throw new ExpressionError(`index out of range: ${index}`);
  return found;
}
function entry(map: CelMap, key: CelValue): CelValue {
  const known = mapKey(key);
  if (known === undefined) throw new ExpressionError(`a map has no key of type ${kindName(key)}`);
  const found = mapGet(map, known);
  if (found === undefined) throw new ExpressionError(`no such key: ${shortened(String(known), 100)}`);
  return found;
}
