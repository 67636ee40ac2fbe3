/** `zoned` is a datetime that names its offset. */
export type CellType = 'integer' | 'number' | 'boolean' | 'date' | 'datetime' | 'zoned' | 'string';

const INTEGER = /^[+-]?(?:0|[1-9]\d*)$/;
const NUMBER = /^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?$/;
const BOOLEAN = /^(?:true|false)$/i;
const DATE = /^(\d{4})([-/])(\d{2})\2(\d{2})$/;
const TIME =
  /^[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?(?:(Z)|([+-])(0\d|1[0-4])(?::?([0-5]\d))?)?$/i;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/**
 * What a cell looks like. Leading zeros (zip codes) and integers beyond ±(2^53 − 1) are strings: as numbers they would
 * not be what the file says. Dates are year first; others are ambiguous, and strings.
 */
export function cellType(cell: string): CellType {
  const text = cell.trim();
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
  const text = cell.trim();
  const date = dateOf(text);
  const time = TIME.exec(text.slice(10));
  if (!time) return date;
  const [, hour, minute, second = '0', fraction = '', , sign, offsetHour = '0', offsetMinute = '0'] = time;
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === '-' ? -1 : 1);
  const millis = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return date + ((Number(hour) * 60 + Number(minute) - offset) * 60 + Number(second)) * 1000 + millis;
}

function dateOf(text: string): number {
  const [, year, , month, day] = DATE.exec(text.slice(0, 10)) ?? [];
  if (!year || year === '0000') return NaN;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) ? date.getTime() : NaN;
}
