import { compilePattern, InvalidPatternError, type Pattern } from '../../pattern/pattern.js';
import { ExpressionError } from '../errors.js';
import { type Evaluation } from '../evaluation.js';
import * as T from '../type.js';
import { type CelList } from '../value.js';
import { format } from './format.js';
import { overload } from './overload.js';
import { aroundEach, index, pieces, points, searched, slice, trim } from './text.js';

const f = overload;
const INDEX = T.INT | T.DOUBLE;
/** A step for so many characters of the text times instructions of the pattern. */
const MATCH_WORK_A_STEP = 2;

/** Compiling takes about 10 us an instruction. */
const COMPILING_AN_INSTRUCTION = 70;

export function matchesPattern(e: Evaluation, text: string, pattern: Pattern): boolean {
  e.charge(Math.ceil((text.length * pattern.size) / MATCH_WORK_A_STEP));
  return pattern.test(text);
}

/** A pattern that is known only now; charged as if it had to be compiled, since what is cached must not decide. */
function matches(e: Evaluation, text: string, source: string): boolean {
  try {
    const pattern = compilePattern(source);
    e.charge(pattern.size * COMPILING_AN_INSTRUCTION);
    return matchesPattern(e, text, pattern);
  } catch (error) {
    if (error instanceof InvalidPatternError) throw new ExpressionError(error.message);
    throw error;
  }
}

/** Positions are counted in code points. */
function find(e: Evaluation, text: string, wanted: string, from: bigint | number | undefined, last: boolean): bigint {
  const all = points(text, e);
  const start = from === undefined ? undefined : slice(all, 0, index(from, all.length)).length;
  searched(text, wanted, e);
  const at = last ? text.lastIndexOf(wanted, start) : text.indexOf(wanted, start);
  return at < 0 ? -1n : BigInt(points(text.slice(0, at), e).length);
}

function substring(e: Evaluation, text: string, from: bigint | number, to?: bigint | number): string {
  const all = points(text, e);
  const end = to === undefined ? all.length : index(to, all.length);
  return slice(all, index(from, end), end);
}

function split(e: Evaluation, text: string, separator: string, limit?: bigint | number): string[] {
  const most = limit === undefined || Number(limit) < 0 ? Infinity : Number(limit);
  return most === 0 ? [] : pieces(text, separator, most - 1, e);
}

function replace(e: Evaluation, text: string, wanted: string, by: string, limit?: bigint | number): string {
  const most = limit === undefined || Number(limit) < 0 ? Infinity : Number(limit);
  const parts = wanted === '' ? aroundEach(text, most, e) : pieces(text, wanted, most, e);
  e.chargeText(text.length + (parts.length - 1) * by.length);
  return parts.join(by);
}

function join(e: Evaluation, list: CelList, separator = ''): string {
  e.charge(list.length);
  let length = 0;
  for (const item of list) {
    if (typeof item !== 'string') throw new ExpressionError('join: the list has an element that is no string');
    length += item.length + separator.length;
  }
  e.chargeText(length);
  return (list as readonly string[]).join(separator);
}

const ascii = (text: string, from: RegExp, to: (letter: string) => string): string => text.replace(from, to);
const charged = (e: Evaluation, text: string): string => (e.chargeText(text.length), text);
const QUOTED: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

function quote(e: Evaluation, text: string): string {
  e.charge(text.length);
  const escaped = Array.from(text, (point) => QUOTED[point] ?? point).join('');
  return `"${escaped.replace(/\p{Surrogate}/gu, '\ufffd')}"`;
}

export const STRINGS = [
  f('method', 'contains', [T.STRING, T.STRING], T.BOOL, (e, a: string, b: string) => searched(a, b, e).includes(b)),
  f('method', 'startsWith', [T.STRING, T.STRING], T.BOOL, (e, a: string, b: string) => a.startsWith(charged(e, b))),
  f('method', 'endsWith', [T.STRING, T.STRING], T.BOOL, (e, a: string, b: string) => a.endsWith(charged(e, b))),
  f('both', 'matches', [T.STRING, T.STRING], T.BOOL, matches),
  f('method', 'charAt', [T.STRING, INDEX], T.STRING, (e, text: string, at: bigint) => {
    const all = points(text, e);
    return all[index(at, all.length)] ?? '';
  }),
  f('method', 'indexOf', [T.STRING, T.STRING], T.INT, (e, a: string, b: string) => find(e, a, b, undefined, false)),
  f('method', 'indexOf', [T.STRING, T.STRING, INDEX], T.INT, (e, a: string, b: string, from: bigint) =>
    find(e, a, b, from, false),
  ),
  f('method', 'lastIndexOf', [T.STRING, T.STRING], T.INT, (e, a: string, b: string) => find(e, a, b, undefined, true)),
  f('method', 'lastIndexOf', [T.STRING, T.STRING, INDEX], T.INT, (e, a: string, b: string, from: bigint) =>
    find(e, a, b, from, true),
  ),
  f('method', 'substring', [T.STRING, INDEX], T.STRING, substring),
  f('method', 'substring', [T.STRING, INDEX, INDEX], T.STRING, substring),
  f('method', 'split', [T.STRING, T.STRING], listOfStrings, split),
  f('method', 'split', [T.STRING, T.STRING, INDEX], listOfStrings, split),
  f('method', 'replace', [T.STRING, T.STRING, T.STRING], T.STRING, replace),
  f('method', 'replace', [T.STRING, T.STRING, T.STRING, INDEX], T.STRING, replace),
  f('method', 'join', [T.LIST], T.STRING, join),
  f('method', 'join', [T.LIST, T.STRING], T.STRING, join),
  f('method', 'lowerAscii', [T.STRING], T.STRING, (e, text: string) =>
    ascii(charged(e, text), /[A-Z]+/g, (s) => s.toLowerCase()),
  ),
  f('method', 'upperAscii', [T.STRING], T.STRING, (e, text: string) =>
    ascii(charged(e, text), /[a-z]+/g, (s) => s.toUpperCase()),
  ),
  f('method', 'trim', [T.STRING], T.STRING, (e, text: string) => trim(charged(e, text))),
  f('method', 'reverse', [T.STRING], T.STRING, (e, text: string) => {
    e.charge(text.length);
    return Array.from(text).reverse().join('');
  }),
  f('method', 'format', [T.STRING, T.LIST], T.STRING, format),
  f('function', 'strings.quote', [T.STRING], T.STRING, quote),
];
function listOfStrings(): T.Type {
  return { mask: T.LIST, element: { mask: T.STRING } };
}
