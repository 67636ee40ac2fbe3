/** `zoned` is a datetime that names its offset. */
export type CellType = 'integer' | 'number' | 'boolean' | 'date' | 'datetime' | 'zoned' | 'string';

const INTEGER = /^[+-]?(?:0|[1-9]\d*)$/;
const NUMBER = /^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?$/;
const BOOLEAN = /^(?:true|false)$/i;
const DATE = /^(\d{4})([-/])(\d{2})\2(\d{2})$/;
const TIME =
  /^[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?(?:(Z)|([+-])(0\d|1[0-4])(?::?([0-5]\d))?)?$/i;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

/** Without the white space around it that PostgreSQL ignores too: ASCII's, not Unicode's. */
export function trimmed(cell: string): string {
  let [start, end] = [0, cell.length];
  while (start < end && isSpace(cell.charCodeAt(start))) start++;
  while (end > start && isSpace(cell.charCodeAt(end - 1))) end--;
  return end - start === cell.length ? cell : cell.slice(start, end);
}

/**
 * What a cell looks like. Leading zeros (zip codes) and integers beyond ±(2^53 − 1) are strings: as numbers they would
 * not be what the file says. Dates are year first; others are ambiguous, and strings.
 */
export function cellType(cell: string): CellType {
  const text = trimmed(cell);
  const first = text.charCodeAt(0);
  if (isDigit(first) || first === 43 || first === 45 || first === 46) {
    if (INTEGER.test(text)) return Number.isSafeInteger(Number(text)) ? 'integer' : 'string';
    if (NUMBER.test(text)) return Number.isFinite(Number(text)) ? 'number' : 'string';
    return isDigit(first) ? timeType(text) : 'string';
  }
  return BOOLEAN.test(text) ? 'boolean' : 'string';
}

function timeType(text: string): CellType {
  if (Number.isNaN(dateOf(text))) return 'string';
  if (text.length === 10) return 'date';
  const time = TIME.exec(text.slice(10));
  if (!time) return 'string';
  return time[5] !== undefined || time[6] !== undefined ? 'zoned' : 'datetime';
}

/** Milliseconds since 1970 of a cell of type date, datetime (taken as UTC) or zoned. */
export function timeOf(cell: string): number {
  const text = trimmed(cell);
  const date = dateOf(text);
  const time = TIME.exec(text.slice(10));
  if (!time) return date;
  const [, hour, minute, second = '0', fraction = '', , sign, offsetHour = '0', offsetMinute = '0'] = time;
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === '-' ? -1 : 1);
  const millis = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return date + ((Number(hour) * 60 + Number(minute) - offset) * 60 + Number(second)) * 1000 + millis;
}

/** 400 years of the Gregorian calendar: added and taken away again, they keep Date.UTC from reading year 33 as 1933. */
const CYCLE = { years: 400, ms: 146_097 * 86_400_000 };
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function dateOf(text: string): number {
  const match = DATE.exec(text.slice(0, 10));
  if (!match) return NaN;
  const [year, month, day] = [Number(match[1]), Number(match[3]), Number(match[4])];
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = (DAYS[month - 1] ?? 0) + (leap ? 1 : 0);
  if (year === 0 || day < 1 || day > days) return NaN;
  return Date.UTC(year + CYCLE.years, month - 1, day) - CYCLE.ms;
}
