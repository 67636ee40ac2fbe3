import { type Reducer } from '../definition/definition.js';
import { type Json, type JsonObject } from '../json/json.js';
import { setOwn } from '../json/own.js';
import { sortedJson } from '../json/sorted-json.js';

/** A write that its channel's reducer cannot take: `STATE_SCHEMA`. */
export class StateWriteError extends Error {
  readonly code = 'STATE_SCHEMA';
  constructor(message: string) {
    super(message);
    this.name = 'StateWriteError';
  }
}

type Reduce = (current: Json, write: Json) => Json;

const listOf = (value: Json): readonly Json[] => (Array.isArray(value) ? value : value === null ? [] : [value]);
/** A list is concatenated, anything else added, null included. */
const added = (write: Json): readonly Json[] => (Array.isArray(write) ? write : [write]);
const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function append(current: Json, write: Json): Json {
  return [...listOf(current), ...added(write)];
}

function union(current: Json, write: Json): Json {
  const known = new Set<string>();
  return [...listOf(current), ...added(write)].filter((item) => {
    const form = sortedJson(item);
    return !known.has(form) && known.add(form);
  });
}

function merge(current: Json, write: Json): Json {
  if (!isObject(write)) throw new StateWriteError('a merge channel takes objects');
  const merged: JsonObject = {};
  for (const from of [isObject(current) ? current : {}, write]) {
    for (const [key, value] of Object.entries(from)) setOwn(merged, key, value);
  }
  return merged;
}

const numeric =
  (reducer: Reducer, combine: (current: number, write: number) => number): Reduce =>
  (current, write) => {
    if (typeof write !== 'number' || !Number.isFinite(write))
      throw new StateWriteError(`a ${reducer} channel takes numbers`);
    const combined = typeof current === 'number' ? combine(current, write) : write;
    if (!Number.isFinite(combined))
      throw new StateWriteError(`the ${reducer} is no longer a number that JSON can hold`);
    return combined;
  };

/** Source: the definition language, "State". None changes what it is given. */
export const REDUCE: Readonly<Record<Reducer, Reduce>> = {
  replace: (_current, write) => write,
  append,
  merge,
  sum: numeric('sum', (current, write) => current + write),
  min: numeric('min', Math.min),
  max: numeric('max', Math.max),
  union,
};

export const EMPTY: Readonly<Record<Reducer, Json>> = {
  replace: null,
  append: [],
  merge: {},
  sum: 0,
  min: null,
  max: null,
  union: [],
};
