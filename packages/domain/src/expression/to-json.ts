import { FORBIDDEN_KEYS } from '../json/own.js';
import { type Json, type JsonObject } from '../json/json.js';
import { shortened } from '../errors/text.js';
import { isStorableText } from '../json/text.js';
import { ExpressionError, ExpressionLimitError } from './errors.js';
import { type Evaluation, MAX_TEXT } from './evaluation.js';
import { formatDuration, formatTimestamp } from './time.js';
import { typeName } from './type.js';
import { type CelList, type CelValue, Duration, isList, Timestamp, TypeValue, Uint } from './value.js';

interface Leaving {
  json: Json;
  /** characters of its JSON, about */
  size: number;
  /** levels of lists and objects */
  depth: number;
}

/** Deeper ones are beyond what databases and parsers on the way take. */
const MAX_DEPTH = 200;

/**
 * A result as JSON: ints within ±(2^53 - 1), finite doubles, RFC 3339 times, base64 bytes.
 * What comes from the scope leaves as it is, not copied. What is reached twice is counted twice:
 * that is what it costs once it is written.
 * @throws ExpressionError also for a text that could not be stored
 */
export function toJson(value: CelValue, e: Evaluation): Json {
  return leave(value, e, new Map()).json;
}

function leave(value: CelValue, e: Evaluation, seen: Map<object, Leaving>): Leaving {
  if (typeof value === 'string') return { json: storable(value), size: value.length + 2, depth: 0 };
  if (typeof value === 'boolean') return { json: value, size: 5, depth: 0 };
  if (typeof value === 'bigint') return { json: safeInteger(value), size: 8, depth: 0 };
  if (value === null) return { json: null, size: 4, depth: 0 };
  if (typeof value !== 'number') return leaveObject(value, e, seen);
  if (!Number.isFinite(value)) throw new ExpressionError(`the result ${value} is no JSON number`);
  return { json: value, size: 8, depth: 0 };
}

function storable(text: string): string {
  if (isStorableText(text)) return text;
  throw new ExpressionError('the result has a text with a NUL character or half a surrogate pair');
}

function safeInteger(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new ExpressionError('the result has an integer beyond 2^53 - 1');
  return number;
}

function leaveObject(value: CelValue & object, e: Evaluation, seen: Map<object, Leaving>): Leaving {
  const known = seen.get(value);
  const left = known ?? fresh(value, e, seen);
  if (!known) seen.set(value, left);
  if (left.size > MAX_TEXT) throw new ExpressionLimitError('the result is larger than the state may be');
  if (left.depth > MAX_DEPTH) throw new ExpressionLimitError(`the result is deeper than ${MAX_DEPTH} levels`);
  return left;
}

function fresh(value: CelValue & object, e: Evaluation, seen: Map<object, Leaving>): Leaving {
  if (isList(value)) return leaveList(value, e, seen);
  if (value instanceof Uint) return { json: safeInteger(value.value), size: 8, depth: 0 };
  if (value instanceof Timestamp) return { json: formatTimestamp(value), size: 32, depth: 0 };
  if (value instanceof Duration) return { json: formatDuration(value), size: 32, depth: 0 };
  if (value instanceof TypeValue) return { json: typeName(value.mask), size: 32, depth: 0 };
  if (value instanceof Uint8Array) return leaveBytes(value, e);
  return value instanceof Map
    ? leaveMap(value as ReadonlyMap<unknown, CelValue>, e, seen)
    : leaveScope(value as JsonObject, e, seen);
}

function leaveBytes(bytes: Uint8Array, e: Evaluation): Leaving {
  e.charge(bytes.length);
  return { json: base64(bytes), size: bytes.length * 2, depth: 0 };
}

function leaveList(list: CelList, e: Evaluation, seen: Map<object, Leaving>): Leaving {
  let size = 2;
  let depth = 0;
  let changed = false;
  const items = list.map((item) => {
    const left = leave(item, e, seen);
    size += left.size + 1;
    depth = Math.max(depth, left.depth);
    changed ||= left.json !== item;
    return left.json;
  });
  return { json: changed ? items : (list as Json[]), size, depth: depth + 1 };
}

function leaveMap(map: ReadonlyMap<unknown, CelValue>, e: Evaluation, seen: Map<object, Leaving>): Leaving {
  const json: JsonObject = {};
  let size = 2;
  let depth = 0;
  for (const [key, value] of map) {
    const name = storable(String(key));
    if (FORBIDDEN_KEYS.has(name)) throw new ExpressionError(`the key ${name} is not allowed`);
    if (Object.hasOwn(json, name))
      throw new ExpressionError(`two keys of the result are written ${shortened(name, 100)}`);
    const left = leave(value, e, seen);
    size += name.length + left.size + 4;
    depth = Math.max(depth, left.depth);
    json[name] = left.json;
  }
  return { json, size, depth: depth + 1 };
}

/** An object of the scope holds JSON already: it is measured, and leaves by reference. */
function leaveScope(object: JsonObject, e: Evaluation, seen: Map<object, Leaving>): Leaving {
  let size = 2;
  let depth = 0;
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value === undefined) continue;
    const left = leave(value, e, seen);
    size += key.length + 4 + left.size;
    depth = Math.max(depth, left.depth);
  }
  return { json: object, size, depth: depth + 1 };
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** The workflow sandbox has neither Buffer nor btoa. */
function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i] as number, bytes[i + 1], bytes[i + 2]];
    text += BASE64.charAt(a >> 2) + BASE64.charAt(((a & 3) << 4) | ((b ?? 0) >> 4));
    text += b === undefined ? '=' : BASE64.charAt(((b & 15) << 2) | ((c ?? 0) >> 6));
    text += c === undefined ? '=' : BASE64.charAt(c & 63);
  }
  return text;
}
