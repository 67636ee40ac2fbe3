import { type Keyword } from '../schema-node.js';
import { readNumber } from './read.js';

const bound =
  (keyword: string, holds: (value: number, limit: number) => boolean, words: string): Keyword =>
  (schema, builder) => {
    const limit = readNumber(schema, keyword, builder);
    if (limit === undefined) return undefined;
    return (value, place, run) =>
      typeof value !== 'number' || holds(value, limit) || run.fail(place, `must be ${words} ${limit}`);
  };

/** Doubles have no exact tenths: a quotient counts as whole within its own rounding. */
function isMultiple(value: number, of: number): boolean {
  if (value % of === 0) return true;
  const quotient = value / of;
  return (
    Number.isFinite(quotient) && Math.abs(quotient - Math.round(quotient)) <= Math.abs(quotient) * 4 * Number.EPSILON
  );
}

const multipleOf: Keyword = (schema, builder) => {
  const of = readNumber(schema, 'multipleOf', builder);
  if (of === undefined) return undefined;
  if (!(of > 0)) throw builder.refuse('multipleOf must be greater than 0', 'multipleOf');
  return (value, place, run) =>
    typeof value !== 'number' || isMultiple(value, of) || run.fail(place, `must be a multiple of ${of}`);
};

export const NUMBER: readonly Keyword[] = [
  bound('maximum', (value, limit) => value <= limit, 'at most'),
  bound('exclusiveMaximum', (value, limit) => value < limit, 'less than'),
  bound('minimum', (value, limit) => value >= limit, 'at least'),
  bound('exclusiveMinimum', (value, limit) => value > limit, 'greater than'),
  multipleOf,
];
