import { ExpressionError } from '../errors.js';
import { BINARY } from '../operators.js';
import { type Evaluation } from '../evaluation.js';
import { toJson } from '../to-json.js';
import * as T from '../type.js';
import { type CelList, type CelMap, type CelValue, isList, kindName, mapGet, mapKey } from '../value.js';
import { overload } from './overload.js';

/** Ints stay an int; one double makes it a double. */
function sum(e: Evaluation, list: CelList): CelValue {
  e.charge(list.length);
  let total: CelValue = 0n;
  for (const item of list) {
    if (typeof item !== 'number' && typeof item !== 'bigint')
      throw new ExpressionError(`sum: ${kindName(item)} is no number`);
    total = (BINARY['+'] as NonNullable<(typeof BINARY)[string]>)(total, item, e);
  }
  return total;
}

function flatten(e: Evaluation, list: CelList): CelValue {
  const flat: CelValue[] = [];
  for (const item of list) {
    e.charge(1);
    if (!isList(item)) flat.push(item);
    else {
      e.chargeElements(item.length);
      for (const inner of item) flat.push(inner);
    }
  }
  return flat;
}

/** A map that is still null has no members; a member that is null is there. */
function get(_e: Evaluation, map: CelMap | null, key: CelValue, fallback: CelValue): CelValue {
  const known = mapKey(key);
  const value = map === null || known === undefined ? undefined : mapGet(map, known);
  return value === undefined ? fallback : value;
}

export const COLLECTIONS = [
  overload('function', 'json', [T.ANY], T.STRING, (e, value: CelValue) => {
    const text = JSON.stringify(toJson(value, e));
    e.chargeText(text.length);
    return text;
  }),
  overload('function', 'sum', [T.LIST], T.INT | T.DOUBLE, sum),
  /** One level. */
  overload('function', 'flatten', [T.LIST], T.LIST, flatten),
  overload('function', 'get', [T.MAP | T.NULL, T.STRING | T.BOOL | T.NUMBER, T.ANY], T.ANY, get),
];
