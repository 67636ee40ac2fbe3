import { compilePattern, type Pattern } from '../../pattern/pattern.js';
import { type CheckRun } from '../check-run.js';
import { type Builder, type Keyword } from '../schema-node.js';
import { readCount, readText } from './read.js';

const SURROGATE = /[\ud800-\udfff]/;
/** Length in code points, as JSON Schema counts. */
const lengthOf = (text: string): number => (SURROGATE.test(text) ? Array.from(text).length : text.length);
/** A step for so many characters of the text times instructions of the pattern. */
const MATCH_WORK_A_STEP = 8;

export function readPattern(source: string, keyword: string, builder: Builder): Pattern {
  try {
    return compilePattern(source);
  } catch (error) {
    throw builder.refuse((error as Error).message, keyword);
  }
}
export function test(pattern: Pattern, text: string, run: CheckRun): boolean {
  run.charge(Math.ceil((text.length * pattern.size) / MATCH_WORK_A_STEP));
  return pattern.test(text);
}

const length =
  (keyword: string, holds: (length: number, limit: number) => boolean, words: string): Keyword =>
  (schema, builder) => {
    const limit = readCount(schema, keyword, builder);
    if (limit === undefined) return undefined;
    return (value, place, run) => {
      if (typeof value !== 'string') return true;
      run.chargeText(value.length);
      return holds(lengthOf(value), limit) || run.fail(place, `must have at ${words} ${limit} characters`);
    };
  };

const pattern: Keyword = (schema, builder) => {
  const source = readText(schema, 'pattern', builder);
  if (source === undefined) return undefined;
  const compiled = readPattern(source, 'pattern', builder);
  return (value, place, run) =>
    typeof value !== 'string' || test(compiled, value, run) || run.fail(place, `must match the pattern ${source}`);
};

export const STRING: readonly Keyword[] = [
  length('maxLength', (actual, limit) => actual <= limit, 'most'),
  length('minLength', (actual, limit) => actual >= limit, 'least'),
  pattern,
];
