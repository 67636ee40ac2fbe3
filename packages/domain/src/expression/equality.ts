import { type Evaluation } from './evaluation.js';
import {
  type CelMap,
  type CelValue,
  Duration,
  isList,
  kindOf,
  mapGet,
  mapKey,
  mapKeys,
  Timestamp,
  TypeValue,
  Uint,
} from './value.js';
import { MAP } from './type.js';

const numberOf = (value: CelValue): number | bigint | undefined => {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return value instanceof Uint ? value.value : undefined;
};

/** CEL's `==`: numbers by value whatever their kind, lists and maps by content, different kinds are unequal. */
export function celEquals(a: CelValue, b: CelValue, e: Evaluation): boolean {
  e.charge(1);
  if (a === b) return true;
  const left = numberOf(a);
  if (left !== undefined) {
    const right = numberOf(b);
    // Loose on purpose: a bigint and a number are compared by exact value.
    return right !== undefined && left == right;
  }
  if (typeof a === 'string' && typeof b === 'string') return (e.chargeText(Math.min(a.length, b.length)), false);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return objectsEqual(a, b, e);
}

function objectsEqual(a: CelValue & object, b: CelValue & object, e: Evaluation): boolean {
  if (isList(a))
    return isList(b) && a.length === b.length && a.every((item, i) => celEquals(item, b[i] as CelValue, e));
  const kind = kindOf(a);
  if (kind !== kindOf(b)) return false;
  if (kind === MAP) return mapsEqual(a as CelMap, b as CelMap, e);
  if (a instanceof Timestamp || a instanceof Duration) return a.nanos === (b as Timestamp | Duration).nanos;
  if (a instanceof TypeValue) return a.mask === (b as TypeValue).mask;
  return bytesEqual(a as Uint8Array, b as Uint8Array, e);
}

/** Two look-ups by name a member, beside the listing. */
const MEMBER_COST = 8;

function mapsEqual(a: CelMap, b: CelMap, e: Evaluation): boolean {
  const keys = mapKeys(a);
  e.charge(MEMBER_COST * keys.length);
  if (keys.length !== mapKeys(b).length) return false;
  return keys.every((key) => {
    const other = mapGet(b, key);
    return other !== undefined && celEquals(mapGet(a, key) as CelValue, other, e);
  });
}

function bytesEqual(a: Uint8Array, b: Uint8Array, e: Evaluation): boolean {
  e.chargeText(a.length);
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** CEL's `in`. */
export function celIn(value: CelValue, container: CelValue, e: Evaluation): boolean | undefined {
  if (isList(container)) return container.some((item) => celEquals(item, value, e));
  if (kindOf(container) !== MAP) return undefined;
  const key = mapKey(value);
  return key !== undefined && mapGet(container as CelMap, key) !== undefined;
}
