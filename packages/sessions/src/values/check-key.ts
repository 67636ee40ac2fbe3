import { ApiError, FORBIDDEN_KEYS, isStorableText } from '@aumos/agf-domain';

const MOST_BYTES = 256;

/** @throws ApiError VALIDATION_ERROR for what names no value */
export function checkKey(key: string): void {
  const error = problemOf(key);
  if (error === undefined) return;
  throw new ApiError('VALIDATION_ERROR', 'The key is not valid.', { fields: [{ field: 'key', error }] });
}

function problemOf(key: unknown): string | undefined {
  if (typeof key !== 'string' || key === '') return 'must be a text of at least one character';
  if (Buffer.byteLength(key) > MOST_BYTES) return `must have at most ${String(MOST_BYTES)} bytes`;
  if (FORBIDDEN_KEYS.has(key)) return 'is not allowed';
  return isStorableText(key) ? undefined : 'must not hold NUL or half a surrogate pair';
}
