import { type ASTNode } from '@marcbachmann/cel-js';
import { asBool, attempt, requireBool } from './compile-logic.js';
import { type Code, type CompileNode, type CompileScope, withLocal } from './compile-scope.js';
import { ExpressionCompileError, ExpressionError } from './errors.js';
import { type Evaluation } from './evaluation.js';
import * as T from './type.js';
import { type CelList, type CelValue, isList, isMap, keysCost, kindName, mapKeys } from './value.js';

/** One iteration over the items; `test` and `step` see the item in the loop's local. */
interface Loop {
  items: CelList;
  /** Runs code on each item; stops where `visit` gives a value. */
  each<R>(code: Code, visit: (item: CelValue, index: number) => R | undefined): R | undefined;
}
type Fold = (loop: Loop, test: Code, transform: Code, e: Evaluation) => CelValue;

const quantifier =
  (decisive: boolean): Fold =>
  (loop, test, _transform, e) => {
    let failed: ExpressionError | undefined;
    const decided = loop.each(test, () => {
      const held = attempt(test.run, e);
      if (held instanceof ExpressionError) failed ??= held;
      return held === decisive ? true : undefined;
    });
    if (decided) return decisive;
    if (failed) throw failed;
    return !decisive;
  };

const existsOne: Fold = (loop, test, _transform, e) => {
  let found = 0;
  loop.each(test, () => void (found += asBool(test.run(e)) ? 1 : 0));
  return found === 1;
};
const filter: Fold = (loop, test, _transform, e) => {
  const kept: CelValue[] = [];
  loop.each(test, (item) => void (asBool(test.run(e)) && kept.push(item)));
  return kept;
};
const map: Fold = (loop, _test, transform, e) => {
  const made: CelValue[] = [];
  loop.each(transform, () => void made.push(transform.run(e)));
  return made;
};
const mapWhere: Fold = (loop, test, transform, e) => {
  const made: CelValue[] = [];
  const both = { ...test, size: test.size + transform.size };
  loop.each(both, () => void (asBool(test.run(e)) && made.push(transform.run(e))));
  return made;
};

const MACROS: Readonly<Record<string, Fold>> = {
  'all/2': quantifier(false),
  'exists/2': quantifier(true),
  'exists_one/2': existsOne,
  'existsOne/2': existsOne,
  'filter/2': filter,
  'map/2': map,
  'map/3': mapWhere,
};
export const isMacro = (name: string, args: number): boolean => Object.hasOwn(MACROS, `${name}/${args}`);

/** `range.all(x, …)`, `exists`, `exists_one`, `filter`, `map` over a list, or over a map's keys. */
export function compileMacro(
  name: string,
  receiver: ASTNode,
  args: readonly ASTNode[],
  scope: CompileScope,
  compile: CompileNode,
): Code {
  const [variable, first, last] = [args[0] as ASTNode, args[1] as ASTNode, args.at(-1) as ASTNode];
  if (variable.op !== 'id') throw new ExpressionCompileError(`${name}: the first argument is a name`, variable.pos);
  const range = compile(receiver, scope);
  const item = itemType(range.type, receiver.pos);
  const inner = withLocal(scope, variable.args, item);
  const transforms = name === 'map';
  const test = compile(first, inner);
  if (!transforms || args.length === 3) requireBool(test, first.pos);
  const transform = args.length === 3 ? compile(last, inner) : test;
  const fold = MACROS[`${name}/${args.length}`] as Fold;
  return {
    type: resultType(name, item, transform.type),
    run: (e) => fold(loop(range.run(e), scope.loops, e), test, transform, e),
    size: range.size + test.size + (args.length === 3 ? transform.size : 0) + 1,
  };
}

function itemType(range: T.Type, position: number): T.Type {
  if ((range.mask & (T.LIST | T.MAP)) === 0)
    throw new ExpressionCompileError(`${T.typeName(range.mask)} cannot be iterated`, position);
  return (range.mask & T.MAP) === 0 ? (range.element ?? T.DYN) : T.DYN;
}
function resultType(name: string, item: T.Type, transform: T.Type): T.Type {
  if (name === 'map') return { mask: T.LIST, element: transform };
  return name === 'filter' ? { mask: T.LIST, element: item } : { mask: T.BOOL };
}

function loop(range: CelValue, slot: number, e: Evaluation): Loop {
  const items = itemsOf(range, e);
  return {
    items,
    each: (code, visit) => {
      for (let i = 0; i < items.length; i++) {
        e.charge(code.size);
        e.locals[slot] = items[i] as CelValue;
        const result = visit(items[i] as CelValue, i);
        if (result !== undefined) return result;
      }
      return undefined;
    },
  };
}
function itemsOf(range: CelValue, e: Evaluation): CelList {
  if (isList(range)) return range;
  if (!isMap(range)) throw new ExpressionError(`${kindName(range)} cannot be iterated`);
  const keys = mapKeys(range);
  e.charge(keysCost(keys.length));
  return keys;
}
