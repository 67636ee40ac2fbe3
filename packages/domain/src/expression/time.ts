import { ExpressionError } from './errors.js';
import { Duration, Timestamp } from './value.js';

export const NANOS = 1_000_000_000n;
const NANOS_A_MS = 1_000_000n;
/** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999999Z */
const FIRST = -62_135_596_800n * NANOS;
const LAST = 253_402_300_800n * NANOS - 1n;
/** 64 bits of nanoseconds, about 292 years */
const LONGEST = 2n ** 63n - 1n;

export function checkedTimestamp(nanos: bigint): Timestamp {
  if (nanos < FIRST || nanos > LAST) throw new ExpressionError('timestamp out of range');
  return new Timestamp(nanos);
}
export function checkedDuration(nanos: bigint): Duration {
  if (nanos > LONGEST || nanos < -LONGEST) throw new ExpressionError('duration out of range');
  return new Duration(nanos);
}

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;

/** From RFC 3339, at most nine digits of a second. */
export function parseTimestamp(text: string): Timestamp {
  const match = text.length <= 40 ? RFC_3339.exec(text) : null;
  if (match === null) throw new ExpressionError('not a timestamp of RFC 3339');
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!real || hour > 23 || minute > 59 || second > 59) throw new ExpressionError('not a timestamp of RFC 3339');
  const [, , , , , , , fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] = match;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -60 : 60);
  const seconds = BigInt(date.getTime() / 1000 + hour * 3600 + minute * 60 + second - offset);
  return checkedTimestamp(seconds * NANOS + BigInt(fraction.padEnd(9, '0')));
}

const floorDiv = (value: bigint, by: bigint): bigint => (value - (((value % by) + by) % by)) / by;
/** Milliseconds since 1970, rounded down. */
export const epochMs = (at: Timestamp): number => Number(floorDiv(at.nanos, NANOS_A_MS));

/** Milliseconds since 1970 of a timestamp of RFC 3339. @throws ExpressionError */
export const rfc3339Ms = (text: string): number => epochMs(parseTimestamp(text));

/** `.5` for half a second, nothing for none: three, six or nine digits, as protobuf's JSON. */
function fraction(nanos: bigint): string {
  if (nanos === 0n) return '';
  return `.${nanos
    .toString()
    .padStart(9, '0')
    .replace(/(?:000){1,2}$/, '')}`;
}

/** RFC 3339 in UTC. */
export function formatTimestamp(at: Timestamp): string {
  const seconds = floorDiv(at.nanos, NANOS);
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}${fraction(at.nanos - seconds * NANOS)}Z`;
}
/** Seconds with `s`, as protobuf's JSON: `90s`, `-1.500s`. */
export function formatDuration({ nanos }: Duration): string {
  const size = nanos < 0n ? -nanos : nanos;
  return `${nanos < 0n ? '-' : ''}${size / NANOS}${fraction(size % NANOS)}s`;
}

const UNITS: Readonly<Record<string, bigint>> = {
  h: 3600n * NANOS,
  m: 60n * NANOS,
  s: NANOS,
  ms: NANOS_A_MS,
  us: 1000n,
  µs: 1000n,
  ns: 1n,
};
const DURATION = /^([+-]?)((?:\d{1,18}(?:\.\d{0,9})?(?:h|ms|us|µs|ns|m|s))+)$/;
const DURATION_PART = /(\d+)(?:\.(\d*))?(h|ms|us|µs|ns|m|s)/g;

/** Go's form: `1h30m`, `1.5s`, `-250ms`. */
export function parseDuration(text: string): Duration {
  if (text === '0') return new Duration(0n);
  const match = text.length <= 100 ? DURATION.exec(text) : null;
  if (match === null) throw new ExpressionError('not a duration such as 1h30m or 1.5s');
  let nanos = 0n;
  for (const [, whole, decimals = '', unit] of (match[2] as string).matchAll(DURATION_PART)) {
    const size = UNITS[unit as string] as bigint;
    nanos += BigInt(whole as string) * size + (BigInt(decimals || '0') * size) / 10n ** BigInt(decimals.length);
  }
  return checkedDuration(match[1] === '-' ? -nanos : nanos);
}
