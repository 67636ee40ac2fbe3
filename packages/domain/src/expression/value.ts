import { type JsonObject } from '../json/json.js';
import { ownMember } from '../json/own.js';
import * as T from './type.js';

export class Uint {
  constructor(readonly value: bigint) {}
}
export class Timestamp {
  constructor(readonly nanos: bigint) {}
}
export class Duration {
  constructor(readonly nanos: bigint) {}
}
export class TypeValue {
  constructor(readonly mask: number) {}
}

/** Made by a map literal; an int and a uint of the same value are one key. */
export type MapKey = string | bigint | boolean;
export type CelList = readonly CelValue[];
/** A literal's map, or an object of the scope as it is: its members are read only where they are its own. */
export type CelMap = ReadonlyMap<MapKey, CelValue> | JsonObject;
/** JSON numbers are doubles (number), integers of the source are int (bigint). */
export type CelValue =
  null | boolean | bigint | number | string | Uint | Uint8Array | Timestamp | Duration | TypeValue | CelList | CelMap;

export const isList = (value: CelValue): value is CelList => Array.isArray(value);
export const isMap = (value: CelValue): value is CelMap => kindOf(value) === T.MAP;

/** The bit of the value's kind. */
export function kindOf(value: CelValue): number {
  if (typeof value === 'number') return T.DOUBLE;
  if (typeof value === 'string') return T.STRING;
  if (typeof value === 'bigint') return T.INT;
  return typeof value === 'boolean' ? T.BOOL : kindOfObject(value);
}

function kindOfObject(value: object | null): number {
  if (value === null) return T.NULL;
  if (Array.isArray(value)) return T.LIST;
  if (value instanceof Uint) return T.UINT;
  if (value instanceof Timestamp) return T.TIMESTAMP;
  if (value instanceof Duration) return T.DURATION;
  if (value instanceof Uint8Array) return T.BYTES;
  return value instanceof TypeValue ? T.TYPE : T.MAP;
}
export const kindName = (value: CelValue): string => T.typeName(kindOf(value));

/** The key under which a value is found, or undefined where it cannot be a key (1.5, a list). */
export function mapKey(value: CelValue): MapKey | undefined {
  if (typeof value === 'string' || typeof value === 'bigint' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  return value instanceof Uint ? value.value : undefined;
}

/** The member of a map, or undefined. Never what the host object inherits. */
export function mapGet(map: CelMap, key: MapKey): CelValue | undefined {
  if (map instanceof Map) return map.get(key) as CelValue | undefined;
  return typeof key === 'string' ? ownMember(map as JsonObject, key) : undefined;
}
export const mapKeys = (map: CelMap): MapKey[] =>
  map instanceof Map ? [...(map.keys() as Iterable<MapKey>)] : Object.keys(map);
/** Steps that listing the keys costs. */
export const keysCost = (count: number): number => 2 * count;
