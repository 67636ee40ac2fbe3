import { type Json, type JsonObject } from './json.js';
import { setOwn } from './own.js';

/** NUL, and half a surrogate pair: JSON text may hold them, PostgreSQL and RFC 8785 refuse them. */
const UNSTORABLE = /[\0\p{Cs}]/u;
const REPLACEMENT = '\uFFFD';

export const isStorableText = (text: string): boolean => !UNSTORABLE.test(text);

const storableText = (text: string): string =>
  isStorableText(text) ? text : text.replace(new RegExp(UNSTORABLE, 'gu'), REPLACEMENT);

/** The value with U+FFFD for whatever could not be stored, in keys as well: for texts that quote what somebody sent. */
export function storableJson<T extends Json>(value: T): T;
export function storableJson(value: Json): Json {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => storableJson(item));
  const object: JsonObject = {};
  for (const [key, member] of Object.entries(value)) setOwn(object, storableText(key), storableJson(member));
  return object;
}
