import { ExpressionError } from './errors.js';
import { celEquals, celIn } from './equality.js';
import { type Evaluation } from './evaluation.js';
import { type CelValue, Duration, isList, kindName, Timestamp, Uint } from './value.js';
import { checkedDuration, checkedTimestamp } from './time.js';

export type Binary = (a: CelValue, b: CelValue, e: Evaluation) => CelValue;

const INT_MAX = 9223372036854775807n;
const INT_MIN = -9223372036854775808n;
const UINT_MAX = 18446744073709551615n;

export function int64(value: bigint): bigint {
  if (value > INT_MAX || value < INT_MIN) throw new ExpressionError('integer overflow');
  return value;
}
export function uint64(value: bigint): Uint {
  if (value > UINT_MAX || value < 0n) throw new ExpressionError('unsigned integer overflow');
  return new Uint(value);
}

const noOverload = (operator: string, a: CelValue, b: CelValue): ExpressionError =>
  new ExpressionError(`no such overload: ${kindName(a)} ${operator} ${kindName(b)}`);

interface Arithmetic {
  int(a: bigint, b: bigint): bigint;
  double(a: number, b: number): number;
  other?(a: CelValue, b: CelValue, e: Evaluation): CelValue | undefined;
}

/** An int beside a double becomes a double. Source: the definition language, "Numbers". */
const arithmetic =
  (operator: string, on: Arithmetic): Binary =>
  (a, b, e) => {
    if (typeof a === 'number') {
      if (typeof b === 'number') return on.double(a, b);
      if (typeof b === 'bigint') return on.double(a, Number(b));
    } else if (typeof a === 'bigint') {
      if (typeof b === 'bigint') return int64(on.int(a, b));
      if (typeof b === 'number') return on.double(Number(a), b);
    } else if (a instanceof Uint && b instanceof Uint) return uint64(on.int(a.value, b.value));
    const other = on.other?.(a, b, e);
    if (other === undefined) throw noOverload(operator, a, b);
    return other;
  };

function join(a: CelValue, b: CelValue, e: Evaluation): CelValue | undefined {
  if (typeof a === 'string' && typeof b === 'string') return (e.chargeText(a.length + b.length), a + b);
  if (isList(a) && isList(b)) return (e.chargeElements(a.length + b.length), [...a, ...b]);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return (e.chargeText(a.length + b.length), joinBytes(a, b));
  if (a instanceof Timestamp && b instanceof Duration) return checkedTimestamp(a.nanos + b.nanos);
  if (a instanceof Duration && b instanceof Timestamp) return checkedTimestamp(a.nanos + b.nanos);
  return a instanceof Duration && b instanceof Duration ? checkedDuration(a.nanos + b.nanos) : undefined;
}
function joinBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
function without(a: CelValue, b: CelValue): CelValue | undefined {
  if (a instanceof Timestamp && b instanceof Timestamp) return checkedDuration(a.nanos - b.nanos);
  if (a instanceof Timestamp && b instanceof Duration) return checkedTimestamp(a.nanos - b.nanos);
  return a instanceof Duration && b instanceof Duration ? checkedDuration(a.nanos - b.nanos) : undefined;
}

function nonZero<N extends bigint | number>(value: N, what: string): N {
  if (value == 0) throw new ExpressionError(`${what} by zero`);
  return value;
}

const order = (a: CelValue, b: CelValue, e: Evaluation): number | undefined => {
  if (isNumeric(a) && isNumeric(b)) return sign(plain(a), plain(b));
  if (typeof a === 'string' && typeof b === 'string') return (e.chargeText(Math.min(a.length, b.length)), sign(a, b));
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof Timestamp && b instanceof Timestamp) return sign(a.nanos, b.nanos);
  if (a instanceof Duration && b instanceof Duration) return sign(a.nanos, b.nanos);
  return a instanceof Uint8Array && b instanceof Uint8Array ? orderBytes(a, b, e) : undefined;
};
const isNumeric = (value: CelValue): value is number | bigint | Uint =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof Uint;
const plain = (value: number | bigint | Uint): number | bigint => (value instanceof Uint ? value.value : value);
/** NaN when the two have no order. */
function sign<V extends bigint | number | string>(a: V, b: V): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return a == b ? 0 : NaN;
}
function orderBytes(a: Uint8Array, b: Uint8Array, e: Evaluation): number {
  e.chargeText(Math.min(a.length, b.length));
  for (let i = 0; i < a.length && i < b.length; i++) {
    if (a[i] !== b[i]) return (a[i] as number) - (b[i] as number);
  }
  return a.length - b.length;
}

const comparison =
  (operator: string, holds: (order: number) => boolean): Binary =>
  (a, b, e) => {
    const ordered = order(a, b, e);
    if (ordered === undefined) throw noOverload(operator, a, b);
    return holds(ordered);
  };

export const BINARY: Readonly<Record<string, Binary>> = {
  '+': arithmetic('+', { int: (a, b) => a + b, double: (a, b) => a + b, other: join }),
  '-': arithmetic('-', { int: (a, b) => a - b, double: (a, b) => a - b, other: without }),
  '*': arithmetic('*', { int: (a, b) => a * b, double: (a, b) => a * b }),
  '/': arithmetic('/', { int: (a, b) => a / nonZero(b, 'division'), double: (a, b) => a / b }),
  '%': arithmetic('%', { int: (a, b) => a % nonZero(b, 'modulo'), double: (a, b) => a % nonZero(b, 'modulo') }),
  '<': comparison('<', (order) => order < 0),
  '<=': comparison('<=', (order) => order <= 0),
  '>': comparison('>', (order) => order > 0),
  '>=': comparison('>=', (order) => order >= 0),
  '==': celEquals,
  '!=': (a, b, e) => !celEquals(a, b, e),
  in: (a, b, e) => {
    const found = celIn(a, b, e);
    if (found === undefined) throw noOverload('in', a, b);
    return found;
  },
};

export function negate(value: CelValue): CelValue {
  if (typeof value === 'number') return -value;
  if (typeof value === 'bigint') return int64(-value);
  if (value instanceof Duration) return checkedDuration(-value.nanos);
  throw new ExpressionError(`no such overload: -${kindName(value)}`);
}
