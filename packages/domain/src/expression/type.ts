/** Static types: a set of kinds a value can be of, and what its elements can be. */
export const NULL = 1;
export const BOOL = 2;
export const INT = 4;
export const UINT = 8;
export const DOUBLE = 16;
export const STRING = 32;
export const BYTES = 64;
export const LIST = 128;
export const MAP = 256;
export const TIMESTAMP = 512;
export const DURATION = 1024;
export const TYPE = 2048;
export const NUMBER = INT | UINT | DOUBLE;
export const ANY = 4095;

/** Kinds as a bit mask; `element` of a list, `value` of a map where they are known. */
export interface Type {
  readonly mask: number;
  readonly element?: Type;
  readonly value?: Type;
}
export const DYN: Type = { mask: ANY };

const NAMES: readonly [number, string][] = [
  [NULL, 'null_type'],
  [BOOL, 'bool'],
  [INT, 'int'],
  [UINT, 'uint'],
  [DOUBLE, 'double'],
  [STRING, 'string'],
  [BYTES, 'bytes'],
  [LIST, 'list'],
  [MAP, 'map'],
  [TIMESTAMP, 'google.protobuf.Timestamp'],
  [DURATION, 'google.protobuf.Duration'],
  [TYPE, 'type'],
];
/** CEL's type names, as identifiers of an expression. */
export const TYPE_BY_NAME: ReadonlyMap<string, number> = new Map(NAMES.map(([mask, name]) => [name, mask]));

/** The kinds' CEL names, for messages. */
export const typeName = (mask: number): string =>
  mask === ANY
    ? 'dyn'
    : NAMES.filter(([kind]) => (mask & kind) !== 0)
        .map(([, name]) => name)
        .join(' or ');

/** What either of two can be. */
export function union(a: Type, b: Type): Type {
  return {
    mask: a.mask | b.mask,
    element: unionOf(a.element, b.element, a, b, LIST),
    value: unionOf(a.value, b.value, a, b, MAP),
  };
}
function unionOf(a: Type | undefined, b: Type | undefined, of: Type, other: Type, kind: number): Type | undefined {
  if ((of.mask & kind) === 0) return b;
  if ((other.mask & kind) === 0) return a;
  return a && b ? union(a, b) : undefined;
}
