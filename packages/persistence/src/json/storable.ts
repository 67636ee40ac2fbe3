import { ApiError, type Json, storableJson } from '@aumos/agf-domain';

/** NUL and lone surrogates: valid in JSON text, refused by jsonb. An escaped backslash before `u` is no escape. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

const cannotBeStored = (text: string): boolean => text.includes('\\u') && UNSTORABLE.test(text);

const refuse = (): never => {
  throw new ApiError(
    'VALIDATION_ERROR',
    'A text holds a NUL character or half a surrogate pair, which cannot be stored',
  );
};

/** The value itself. @throws ApiError VALIDATION_ERROR for what jsonb cannot hold */
export function storable<T extends Json>(value: T): T {
  jsonb(value);
  return value;
}

/** The text of a jsonb parameter: JSON's null stays JSON's null. @throws ApiError VALIDATION_ERROR */
export function jsonb(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  return cannotBeStored(text) ? refuse() : text;
}

/** The same of what has to be stored, whatever it quotes: U+FFFD stands for what jsonb refuses. */
export function jsonbReplacing(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  return cannotBeStored(text) ? JSON.stringify(storableJson(JSON.parse(text) as Json)) : text;
}
