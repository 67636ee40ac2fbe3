import { type Json } from '../json/json.js';
import { ownMember } from '../json/own.js';
import { isObject } from './schema-node.js';
import { InvalidSchemaError } from './schema-issue.js';

export const escapePointer = (key: string | number): string => String(key).replaceAll('~', '~0').replaceAll('/', '~1');

function unescapePointer(token: string): string {
  try {
    return decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    throw new InvalidSchemaError(`not a JSON pointer: ${token}`);
  }
}

/** What a JSON pointer in a fragment leads to. */
export function resolvePointer(root: Json, pointer: string): Json | undefined {
  let found: Json | undefined = root;
  for (const token of pointer.split('/').slice(1).map(unescapePointer)) {
    if (Array.isArray(found)) found = /^\d{1,9}$/.test(token) ? found[Number(token)] : undefined;
    else found = isObject(found) ? ownMember(found, token) : undefined;
  }
  return found;
}

/** Values of these are data, not schemas. */
const DATA = new Set(['const', 'enum', 'default', 'examples']);

/** `$anchor` and `$dynamicAnchor` of a document, which in one document mean the same. */
export function findAnchors(root: Json): ReadonlyMap<string, Json> {
  const anchors = new Map<string, Json>();
  const open: Json[] = [root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Array.isArray(next)) open.push(...next.filter((item) => typeof item === 'object'));
    else if (isObject(next)) {
      for (const keyword of ['$anchor', '$dynamicAnchor']) {
        const name = ownMember(next, keyword);
        if (typeof name === 'string') anchors.set(name, next);
      }
      for (const [key, value] of Object.entries(next)) {
        if (!DATA.has(key) && typeof value === 'object' && value !== null) open.push(value);
      }
    }
  }
  return anchors;
}
