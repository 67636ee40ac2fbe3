import { ExpressionError } from '../errors.js';
import { type Evaluation } from '../evaluation.js';

const SURROGATE = /[\ud800-\udfff]/;

/** A string by code points, as CEL counts; plain text needs no copy. */
export function points(text: string, e: Evaluation): string | string[] {
  e.chargeText(text.length);
  return SURROGATE.test(text) ? Array.from(text) : text;
}
export const slice = (text: string | string[], from: number, to?: number): string => {
  const part = text.slice(from, to);
  return typeof part === 'string' ? part : part.join('');
};

/** A copy of this realm: the workflow sandbox hands out an encoder of another one, whose arrays are no Uint8Array here. */
export const utf8 = (text: string): Uint8Array => new Uint8Array(new TextEncoder().encode(text));

/** An int, or a double without fraction, since JSON numbers are doubles. */
export function index(value: bigint | number, length: number): number {
  const at = Number(value);
  if (!Number.isInteger(at) || at < 0 || at > length) throw new ExpressionError(`index out of range: ${value}`);
  return at;
}

/** Pairs of characters that a search compares in one step, at its worst: `aaa…` searched for `aaa…ba…a`. */
const PAIRS_A_STEP = 512;
/** The text, once looking for `wanted` in it is paid for. */
export function searched(text: string, wanted: string, e: Evaluation): string {
  e.chargeText(text.length);
  e.charge(Math.ceil((text.length * wanted.length) / PAIRS_A_STEP));
  return text;
}

/** The text cut at `separator`, at most `cuts` times; between code points where it is empty. Each cut is a step. */
export function pieces(text: string, separator: string, cuts: number, e: Evaluation): string[] {
  if (separator === '') return firstCuts(codePoints(text, e), cuts);
  const made: string[] = [];
  let from = 0;
  for (let at = searched(text, separator, e).indexOf(separator); at >= 0 && made.length < cuts;) {
    e.charge(1);
    made.push(text.slice(from, at));
    from = at + separator.length;
    at = text.indexOf(separator, from);
  }
  return [...made, text.slice(from)];
}
/** The empty string is found before each code point and at the end. */
export const aroundEach = (text: string, cuts: number, e: Evaluation): string[] =>
  firstCuts(['', ...codePoints(text, e), ''], cuts);

function codePoints(text: string, e: Evaluation): string[] {
  e.charge(text.length);
  return Array.from(text);
}
const firstCuts = (parts: string[], cuts: number): string[] =>
  parts.length - 1 <= cuts ? parts : [...parts.slice(0, cuts), parts.slice(cuts).join('')];

/** White space as the strings extension lists it. */
const SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
/** By hand: an expression for trailing space takes quadratic time. */
export function trim(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && SPACE.test(text.charAt(from))) from++;
  while (to > from && SPACE.test(text.charAt(to - 1))) to--;
  return text.slice(from, to);
}
