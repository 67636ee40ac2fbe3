import { type Json } from './json.js';

/**
 * JSON text with sorted members: two values have the same text exactly when RFC 8785 gives them the same form.
 * Unlike {@link canonicalJson} it takes what RFC 8785 refuses (a lone surrogate), so it can compare anything.
 */
export function sortedJson(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${sortedJson(value[key] as Json)}`);
  return `{${members.join(',')}}`;
}
