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

/** An int, or a double without fraction, since JSON numbers are doubles. */
export function index(value: bigint | number, length: number): number {
  const at = Number(value);
  if (!Number.isInteger(at) || at < 0 || at > length) throw new ExpressionError(`index out of range: ${value}`);
  return at;
}
