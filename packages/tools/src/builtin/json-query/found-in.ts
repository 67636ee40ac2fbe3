import { CallerError, type Json, shortened } from '@aumos/agf-domain/runtime';
import { search } from 'jmespath';

const LONGEST_TEXT = 300;

/** Null: nothing was found. @throws CallerError `INVALID_QUERY` */
export function foundIn(data: Json, expression: string): Json {
  try {
    return jsonOf(search(bare(data), expression));
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new CallerError('INVALID_QUERY', shortened(String((error as { message?: unknown }).message), LONGEST_TEXT));
  }
}

/** The library takes what an object inherits for what it has: these inherit nothing. */
function bare(data: Json): Json {
  if (Array.isArray(data)) return data.map(bare);
  if (data === null || typeof data !== 'object') return data;
  const members = Object.entries(data).map(([key, value]) => [key, { value: bare(value), enumerable: true }]);
  return Object.create(null, Object.fromEntries(members) as PropertyDescriptorMap) as Json;
}

/** Objects that an expression makes inherit: a function is nothing. */
const jsonOf = (found: unknown): Json => (found === undefined || typeof found === 'function' ? null : (found as Json));
