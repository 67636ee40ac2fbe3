import type { Json, JsonObject } from '../json/json.js';
import type { PathSegment } from './findings.js';

/** What stands in a value apart from literals. */
export type ValueForm =
  { kind: 'expression'; source: Json; path: PathSegment[] } | { kind: 'signal_url'; signal: Json; path: PathSegment[] };

/** The expressions and signal URLs of a value, at any depth. The value is at most 64 levels deep. */
export function* formsIn(value: Json, path: PathSegment[]): Generator<ValueForm> {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* formsIn(item, [...path, index]);
    return;
  }
  const form = formOf(value);
  if (form === undefined) {
    for (const [key, member] of Object.entries(value)) yield* formsIn(member, [...path, key]);
  } else if (form === 'cel') {
    yield { kind: 'expression', source: value['cel'] ?? null, path };
  } else {
    yield { kind: 'signal_url', signal: value['signal_url'] ?? null, path };
  }
}

/** An object whose only member is `cel` or `signal_url` is no literal. */
export const formOf = (value: JsonObject): 'cel' | 'signal_url' | undefined => {
  const keys = Object.keys(value);
  const only = keys.length === 1 ? keys[0] : undefined;
  return only === 'cel' || only === 'signal_url' ? only : undefined;
};

/** True where the value is known at publish, all of it. */
export const isLiteral = (value: Json): boolean => formsIn(value, []).next().done === true;
