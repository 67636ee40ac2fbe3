import * as T from './type.js';

type Row = readonly [left: number, right: number, result: number];
const NUMBERS: readonly Row[] = [
  [T.INT, T.INT, T.INT],
  [T.UINT, T.UINT, T.UINT],
  [T.DOUBLE, T.DOUBLE | T.INT, T.DOUBLE],
  [T.INT, T.DOUBLE, T.DOUBLE],
];
const ORDERED: readonly Row[] = [
  [T.NUMBER, T.NUMBER, T.BOOL],
  ...[T.STRING, T.BOOL, T.BYTES, T.TIMESTAMP, T.DURATION].map((kind): Row => [kind, kind, T.BOOL]),
];
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  '+': [
    ...NUMBERS,
    [T.STRING, T.STRING, T.STRING],
    [T.BYTES, T.BYTES, T.BYTES],
    [T.LIST, T.LIST, T.LIST],
    [T.TIMESTAMP, T.DURATION, T.TIMESTAMP],
    [T.DURATION, T.TIMESTAMP, T.TIMESTAMP],
    [T.DURATION, T.DURATION, T.DURATION],
  ],
  '-': [
    ...NUMBERS,
    [T.TIMESTAMP, T.TIMESTAMP, T.DURATION],
    [T.TIMESTAMP, T.DURATION, T.TIMESTAMP],
    [T.DURATION, T.DURATION, T.DURATION],
  ],
  '*': NUMBERS,
  '/': NUMBERS,
  '%': NUMBERS,
  '<': ORDERED,
  '<=': ORDERED,
  '>': ORDERED,
  '>=': ORDERED,
};

/** What an operator gives for operands of these types; undefined where it takes none of them. */
export function binaryType(operator: string, left: T.Type, right: T.Type): T.Type | undefined {
  if (operator === '==' || operator === '!=') return comparable(left.mask, right.mask) ? { mask: T.BOOL } : undefined;
  if (operator === 'in') return membershipType(left, right);
  let mask = 0;
  for (const [l, r, result] of ROWS[operator] ?? []) {
    if ((l & left.mask) !== 0 && (r & right.mask) !== 0) mask |= result;
  }
  if (mask === 0) return undefined;
  return { mask, element: left.element && right.element ? T.union(left.element, right.element) : undefined };
}

/** Two kinds that can never be equal are a mistake of the author; null may be asked of anything. */
const comparable = (left: number, right: number): boolean => {
  const widen = (mask: number): number => ((mask & T.NUMBER) === 0 ? mask : mask | T.NUMBER);
  return ((left | right) & T.NULL) !== 0 || (widen(left) & widen(right)) !== 0;
};

function membershipType(left: T.Type, right: T.Type): T.Type | undefined {
  if ((right.mask & (T.LIST | T.MAP)) === 0) return undefined;
  const onlyList = (right.mask & T.MAP) === 0 && right.element !== undefined;
  return onlyList && right.element && !comparable(left.mask, right.element.mask) ? undefined : { mask: T.BOOL };
}

export const NEGATABLE = T.INT | T.DOUBLE | T.DURATION;
