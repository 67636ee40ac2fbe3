import { ExpressionError } from '../errors.js';
import { type Evaluation } from '../evaluation.js';
import { formatDuration, formatTimestamp } from '../time.js';
import { typeName } from '../type.js';
import {
  type CelList,
  type CelMap,
  type CelValue,
  Duration,
  isList,
  keysCost,
  kindName,
  kindOf,
  mapGet,
  mapKeys,
  Timestamp,
  TypeValue,
  Uint,
} from '../value.js';
import { MAP } from '../type.js';
import { doubleText } from './core.js';
import { utf8 } from './text.js';

const CLAUSE = /%(?:%|(?:\.(\d{1,3}))?([sdfebxXo])|)/g;
const MOST_DIGITS = 100;

/** The strings extension's `format`: %s %d %f %e %b %o %x %X %%, precision for %f and %e (default 6). */
export function format(e: Evaluation, template: string, args: CelList): string {
  e.chargeText(template.length);
  let used = 0;
  let length = 0;
  return template.replace(CLAUSE, (clause: string, precision: string | undefined, verb: string | undefined) => {
    if (clause === '%%') return '%';
    if (verb === undefined) throw new ExpressionError(`format: unknown clause at ${clause}`);
    const arg = args[used++];
    if (arg === undefined) throw new ExpressionError(`format: no argument ${used - 1}`);
    const text = write(verb, Number(precision ?? 6), arg, e);
    length += text.length;
    e.chargeText(length);
    return text;
  });
}

function write(verb: string, precision: number, arg: CelValue, e: Evaluation): string {
  if (precision > MOST_DIGITS) throw new ExpressionError('format: too many digits');
  switch (verb) {
    case 's':
      return plainText(arg, e);
    case 'd':
      return typeof arg === 'number' ? doubleText(arg) : String(wholeNumber(verb, arg));
    case 'f':
      return real(verb, arg).toFixed(precision);
    case 'e':
      return real(verb, arg)
        .toExponential(precision)
        .replace(/e([+-])(\d)$/, 'e$10$2');
    case 'b':
      return typeof arg === 'boolean' ? String(Number(arg)) : wholeNumber(verb, arg).toString(2);
    case 'o':
      return wholeNumber(verb, arg).toString(8);
    default:
      return hex(verb, arg, e);
  }
}

const wrong = (verb: string, arg: CelValue): ExpressionError =>
  new ExpressionError(`format: %${verb} takes no ${kindName(arg)}`);

function wholeNumber(verb: string, arg: CelValue): bigint {
  if (typeof arg === 'bigint') return arg;
  if (arg instanceof Uint) return arg.value;
  if (typeof arg === 'number' && Number.isInteger(arg)) return BigInt(arg);
  throw wrong(verb, arg);
}
function real(verb: string, arg: CelValue): number {
  if (typeof arg === 'number' || typeof arg === 'bigint') return Number(arg);
  if (arg instanceof Uint) return Number(arg.value);
  throw wrong(verb, arg);
}
function hex(verb: string, arg: CelValue, e: Evaluation): string {
  const bytes = typeof arg === 'string' ? utf8(arg) : arg;
  if (!(bytes instanceof Uint8Array)) return cased(verb, wholeNumber(verb, arg).toString(16));
  e.charge(bytes.length);
  return cased(verb, Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''));
}
const cased = (verb: string, text: string): string => (verb === 'X' ? text.toUpperCase() : text);

/** `%s`: anything, lists and maps with their elements. */
function plainText(value: CelValue, e: Evaluation): string {
  e.charge(1);
  if (typeof value === 'string') return (e.chargeText(value.length), value);
  if (typeof value === 'number') return doubleText(value);
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (isList(value)) return `[${value.map((item) => plainText(item, e)).join(', ')}]`;
  if (kindOf(value) === MAP) return mapText(value as CelMap, e);
  return scalarText(value);
}
function mapText(map: CelMap, e: Evaluation): string {
  const keys = mapKeys(map);
  e.charge(keysCost(keys.length));
  const entries = keys.map((key) => `${String(key)}: ${plainText(mapGet(map, key) as CelValue, e)}`);
  return `{${entries.sort().join(', ')}}`;
}
function scalarText(value: unknown): string {
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Duration) return formatDuration(value);
  if (value instanceof TypeValue) return typeName(value.mask);
  return new TextDecoder().decode(value as Uint8Array);
}
