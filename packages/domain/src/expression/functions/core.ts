import { ExpressionError } from '../errors.js';
import { int64, uint64 } from '../operators.js';
import { checkedTimestamp, formatDuration, formatTimestamp, NANOS, parseDuration, parseTimestamp } from '../time.js';
import * as T from '../type.js';
import {
  type CelList,
  type CelMap,
  type CelValue,
  type Duration,
  keysCost,
  kindOf,
  mapKeys,
  type Timestamp,
  TypeValue,
  type Uint,
} from '../value.js';
import { overload } from './overload.js';
import { points, utf8 } from './text.js';

const cannot = (value: unknown, to: string): ExpressionError =>
  new ExpressionError(`cannot convert ${typeof value === 'string' ? 'this string' : String(value)} to ${to}`);

function truncated(value: number, to: string): bigint {
  // The range's ends have no double of their own.
  if (!Number.isFinite(value) || value <= -(2 ** 63)) throw cannot(value, to);
  return BigInt(Math.trunc(value));
}
function digits(text: string, pattern: RegExp, to: string): bigint {
  if (text.length > 20 || !pattern.test(text)) throw cannot(text, to);
  return BigInt(text);
}
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const SPECIAL: Readonly<Record<string, number>> = { NaN, Infinity, '+Infinity': Infinity, '-Infinity': -Infinity };
function toDouble(text: string): number {
  const special = Object.hasOwn(SPECIAL, text) ? SPECIAL[text] : undefined;
  if (special !== undefined) return special;
  if (text.length > 400 || !DECIMAL.test(text)) throw cannot(text, 'double');
  return Number(text);
}
const TRUE = ['1', 't', 'T', 'true', 'TRUE', 'True'];
const FALSE = ['0', 'f', 'F', 'false', 'FALSE', 'False'];
function toBool(text: string): boolean {
  if (TRUE.includes(text)) return true;
  if (FALSE.includes(text)) return false;
  throw cannot(text, 'bool');
}

/** How `string(v)`, `join` of nothing and `format` write a number. */
export function doubleText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}
function bytesText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ExpressionError('the bytes are not UTF-8');
  }
}

const same = (_e: unknown, value: CelValue): CelValue => value;
const f = overload;

export const CORE = [
  f('both', 'size', [T.STRING], T.INT, (e, text: string) => BigInt(points(text, e).length)),
  f('both', 'size', [T.BYTES], T.INT, (_e, bytes: Uint8Array) => BigInt(bytes.length)),
  f('both', 'size', [T.LIST], T.INT, (_e, list: CelList) => BigInt(list.length)),
  f('both', 'size', [T.MAP], T.INT, (e, map: CelMap) => {
    const { length } = mapKeys(map);
    e.charge(keysCost(length));
    return BigInt(length);
  }),
  f('function', 'dyn', [T.ANY], T.ANY, same),
  f('function', 'type', [T.ANY], T.TYPE, (_e, value: CelValue) => new TypeValue(kindOf(value))),

  f('function', 'bool', [T.BOOL], T.BOOL, same),
  f('function', 'bool', [T.STRING], T.BOOL, (_e, text: string) => toBool(text)),
  f('function', 'bytes', [T.BYTES], T.BYTES, same),
  f('function', 'bytes', [T.STRING], T.BYTES, (e, text: string) => {
    e.chargeText(text.length);
    return utf8(text);
  }),
  f('function', 'double', [T.DOUBLE], T.DOUBLE, same),
  f('function', 'double', [T.INT], T.DOUBLE, (_e, value: bigint) => Number(value)),
  f('function', 'double', [T.UINT], T.DOUBLE, (_e, { value }: Uint) => Number(value)),
  f('function', 'double', [T.STRING], T.DOUBLE, (_e, text: string) => toDouble(text)),
  f('function', 'int', [T.INT], T.INT, same),
  f('function', 'int', [T.UINT], T.INT, (_e, { value }: Uint) => int64(value)),
  f('function', 'int', [T.DOUBLE], T.INT, (_e, value: number) => int64(truncated(value, 'int'))),
  f('function', 'int', [T.STRING], T.INT, (_e, text: string) => int64(digits(text, /^[+-]?\d+$/, 'int'))),
  f(
    'function',
    'int',
    [T.TIMESTAMP],
    T.INT,
    (_e, { nanos }: Timestamp) => (nanos - (((nanos % NANOS) + NANOS) % NANOS)) / NANOS,
  ),
  f('function', 'uint', [T.UINT], T.UINT, same),
  f('function', 'uint', [T.INT], T.UINT, (_e, value: bigint) => uint64(value)),
  f('function', 'uint', [T.DOUBLE], T.UINT, (_e, value: number) => uint64(truncated(value, 'uint'))),
  f('function', 'uint', [T.STRING], T.UINT, (_e, text: string) => uint64(digits(text, /^\d+$/, 'uint'))),
  f('function', 'string', [T.STRING], T.STRING, same),
  f('function', 'string', [T.BOOL | T.INT], T.STRING, (_e, value: boolean | bigint) => String(value)),
  f('function', 'string', [T.UINT], T.STRING, (_e, { value }: Uint) => String(value)),
  f('function', 'string', [T.DOUBLE], T.STRING, (_e, value: number) => doubleText(value)),
  f('function', 'string', [T.BYTES], T.STRING, (e, bytes: Uint8Array) => {
    e.chargeText(bytes.length);
    return bytesText(bytes);
  }),
  f('function', 'string', [T.TIMESTAMP], T.STRING, (_e, at: Timestamp) => formatTimestamp(at)),
  f('function', 'string', [T.DURATION], T.STRING, (_e, span: Duration) => formatDuration(span)),
  f('function', 'timestamp', [T.TIMESTAMP], T.TIMESTAMP, same),
  f('function', 'timestamp', [T.INT], T.TIMESTAMP, (_e, seconds: bigint) => checkedTimestamp(seconds * NANOS)),
  f('function', 'timestamp', [T.STRING], T.TIMESTAMP, (_e, text: string) => parseTimestamp(text)),
  f('function', 'duration', [T.DURATION], T.DURATION, same),
  f('function', 'duration', [T.STRING], T.DURATION, (_e, text: string) => parseDuration(text)),
];
