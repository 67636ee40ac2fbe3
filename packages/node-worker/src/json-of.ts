import { isStorableText, type Json } from '@aumos/agf-domain/runtime';
import { HandlerError } from './handler-error.js';

function refuseWhatCannotTravel(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${String(value)} is no JSON`);
  if (typeof value === 'string' && !isStorableText(value))
    throw new TypeError('a text holds a NUL character or half a surrogate pair');
  return value;
}

/** What a handler gave, as JSON: dates as texts, undefined as null. @throws HandlerError INVALID_RESULT */
export function jsonOf(value: unknown): Json {
  try {
    return JSON.parse(JSON.stringify(value ?? null, refuseWhatCannotTravel) ?? 'null') as Json;
  } catch (error) {
    throw new HandlerError('INVALID_RESULT', `The result is no JSON: ${(error as Error).message}`);
  }
}
