import type { Json, JsonObject } from '../json/json.js';
import { FORBIDDEN_KEYS } from '../json/own.js';
import { type FindingList, type PathSegment, pointerTo, shown } from './findings.js';
import { DEFINITION_LIMITS } from './limits.js';

interface Walk {
  findings: FindingList;
  bytes: number;
  /** the containers on the way to the value at hand: one met again is a cycle */
  ancestors: Set<object>;
  path: PathSegment[];
}

const LONE_SURROGATE = /\p{Surrogate}/u;
/** Control characters that JSON writes as \\b, \\t, \\n, \\f, \\r. */
const SHORT_ESCAPES: ReadonlySet<number> = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d]);

/** Ends a walk over a value that is too large to look at further. */
class TooLarge extends Error {}

/**
 * Copies a value of unknown origin into plain JSON that later code may trust: own data only, no accessor is called,
 * no prototype is kept. What is not JSON, too deep, cyclic or under a forbidden key is left out and reported.
 * Takes time in proportion to at most 1 MiB of JSON, whatever the input.
 * @param at where the value stands, for the findings' pointers
 * @returns undefined where nothing usable is left
 */
export const snapshotJson = (input: unknown, findings: FindingList, at: PathSegment[] = []): Json | undefined => {
  const walk: Walk = { findings, bytes: 0, ancestors: new Set(), path: [...at] };
  try {
    return copy(input, walk);
  } catch (error) {
    if (error instanceof TooLarge) {
      const message = `the definition is larger than ${DEFINITION_LIMITS.bytes} bytes of JSON`;
      const hint = 'pass data as artifacts and split the work into workflow nodes';
      findings.error({ rule: 'DEFINITION_TOO_LARGE', message, pointer: pointerTo(at), hint });
    } else {
      // Only a proxy's traps throw here.
      findings.error({ rule: 'NOT_JSON', message: 'the value cannot be read', pointer: pointerTo(walk.path) });
    }
    return undefined;
  }
};

const copy = (value: unknown, walk: Walk): Json | undefined => {
  switch (typeof value) {
    case 'string':
      return copyText(value, walk);
    case 'number':
      count(walk, String(value).length);
      if (Number.isFinite(value)) return value;
      return refuse(walk, 'NOT_JSON', 'a number must be finite');
    case 'boolean':
      count(walk, value ? 4 : 5);
      return value;
    case 'object':
      count(walk, value === null ? 4 : 2);
      return value === null ? null : copyContainer(value, walk);
    case 'undefined':
    case 'function':
    case 'symbol':
    case 'bigint':
      count(walk, 4);
      return refuse(walk, 'NOT_JSON', `a value of type ${typeof value} is not JSON`);
  }
};

const copyText = (text: string, walk: Walk): string | undefined => {
  countText(text, walk);
  if (LONE_SURROGATE.test(text)) return refuse(walk, 'INVALID_TEXT', 'the text holds half of a surrogate pair');
  if (text.includes('\u0000')) return refuse(walk, 'INVALID_TEXT', 'the text holds a NUL character');
  return text;
};

const copyContainer = (value: object, walk: Walk): Json | undefined => {
  if (walk.ancestors.has(value)) return refuse(walk, 'CYCLIC', 'the value contains itself');
  if (walk.path.length >= DEFINITION_LIMITS.depth) {
    return refuse(walk, 'TOO_DEEP', `nested deeper than ${DEFINITION_LIMITS.depth} levels`);
  }
  walk.ancestors.add(value);
  const result = Array.isArray(value) ? copyList(value, walk) : copyObject(value, walk);
  walk.ancestors.delete(value);
  return result;
};

const copyList = (list: unknown[], walk: Walk): Json[] => {
  const result: Json[] = [];
  count(walk, Math.max(list.length - 1, 0));
  for (let index = 0; index < list.length; index += 1) {
    // A refused item leaves a null, so that the pointers of the items after it stay right.
    result.push(copyMember(list, index, walk) ?? null);
  }
  return result;
};

const copyObject = (object: object, walk: Walk): JsonObject | undefined => {
  const prototype: unknown = Object.getPrototypeOf(object);
  // The prototype of a plain object has none itself, in whichever realm it was made.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    return refuse(walk, 'NOT_JSON', 'only plain objects and lists are JSON');
  }
  const result: JsonObject = {};
  const keys = Object.keys(object);
  count(walk, Math.max(keys.length - 1, 0));
  for (const key of keys) {
    countText(key, walk);
    count(walk, 1);
    if (FORBIDDEN_KEYS.has(key)) {
      walk.findings.error({
        rule: 'FORBIDDEN_KEY',
        message: `the key ${key} is not allowed`,
        pointer: pointerTo([...walk.path, key]),
        hint: 'rename it',
      });
      continue;
    }
    const copied = copyMember(object, key, walk);
    if (copied !== undefined) result[key] = copied;
  }
  return result;
};

const copyMember = (container: object, key: string | number, walk: Walk): Json | undefined => {
  const property = Object.getOwnPropertyDescriptor(container, key);
  walk.path.push(key);
  let result: Json | undefined;
  if (typeof key === 'string' && (LONE_SURROGATE.test(key) || key.includes('\u0000'))) {
    refuse(walk, 'INVALID_TEXT', 'the key holds a NUL character or half of a surrogate pair');
  } else if (property !== undefined && !('value' in property)) {
    refuse(walk, 'NOT_JSON', 'an accessor is not JSON');
  } else if (property?.value === undefined) {
    // JSON has no undefined: an object's member is left out as JSON.stringify does, an item is a mistake.
    if (typeof key === 'number') refuse(walk, 'NOT_JSON', 'a list has no empty places in JSON');
  } else {
    result = copy(property.value, walk);
  }
  walk.path.pop();
  return result;
};

const refuse = (walk: Walk, rule: string, message: string): undefined => {
  const last = walk.path.at(-1);
  const where = last === undefined ? 'the definition' : shown(String(last));
  walk.findings.error({ rule, message: `${where}: ${message}`, pointer: pointerTo(walk.path) });
  return undefined;
};

const count = (walk: Walk, bytes: number): void => {
  walk.bytes += bytes;
  if (walk.bytes > DEFINITION_LIMITS.bytes) throw new TooLarge();
};

const countText = (text: string, walk: Walk): void => {
  count(walk, text.length + 2);
  count(walk, utf8Length(text) - text.length);
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit >= 0x20 && unit !== 0x22 && unit !== 0x5c) continue;
    // With a backslash: \n is two bytes, \u0001 six.
    count(walk, unit >= 0x20 || SHORT_ESCAPES.has(unit) ? 1 : 5);
  }
};

/** Bytes of the text as UTF-8. */
export const utf8Length = (text: string): number => {
  let bytes = text.length;
  if (bytes > DEFINITION_LIMITS.bytes) return bytes;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // Each half of a pair counts two of the pair's four bytes.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
};
