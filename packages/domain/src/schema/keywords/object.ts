import { type JsonObject } from '../../json/json.js';
import { ownMember } from '../../json/own.js';
import { apply, every } from '../apply.js';
import { below } from '../place.js';
import { isObject, type Keyword } from '../schema-node.js';
import { readCount, readNames, readObject } from './read.js';
import { readPattern, test } from './string.js';

const has = (object: JsonObject, key: string): boolean => ownMember(object, key) !== undefined;
const keysOf = (object: JsonObject): string[] => Object.keys(object).filter((key) => object[key] !== undefined);

const count =
  (keyword: string, holds: (count: number, limit: number) => boolean, words: string): Keyword =>
  (schema, builder) => {
    const limit = readCount(schema, keyword, builder);
    if (limit === undefined) return undefined;
    return (value, place, run) =>
      !isObject(value) ||
      holds(keysOf(value).length, limit) ||
      run.fail(place, `must have at ${words} ${limit} members`);
  };

const required: Keyword = (schema, builder) => {
  const names = readNames(schema, 'required', builder);
  if (names === undefined) return undefined;
  return (value, place, run) =>
    !isObject(value) || every(names, (name) => has(value, name) || run.fail(place, `must have the member '${name}'`));
};

const dependentRequired: Keyword = (schema, builder) => {
  const rules = readObject(schema, 'dependentRequired', builder);
  if (rules === undefined) return undefined;
  const needs = Object.keys(rules).map((key) => ({ key, names: readNames(rules, key, builder) ?? [] }));
  return (value, place, run) =>
    !isObject(value) ||
    every(
      needs,
      ({ key, names }) =>
        !has(value, key) ||
        every(names, (name) => has(value, name) || run.fail(place, `must have the member '${name}' beside '${key}'`)),
    );
};

const properties: Keyword = (schema, builder) => {
  const schemas = readObject(schema, 'properties', builder);
  if (schemas === undefined) return undefined;
  const nodes = Object.keys(schemas).map((key) => ({ key, node: builder.child(schemas[key], 'properties', key) }));
  return (value, place, run, seen) => {
    if (!isObject(value)) return true;
    return every(nodes, ({ key, node }) => {
      const member = ownMember(value, key);
      if (member === undefined) return true;
      seen.member(key);
      return apply(node, member, below(place, key), run);
    });
  };
};

const patternProperties: Keyword = (schema, builder) => {
  const schemas = readObject(schema, 'patternProperties', builder);
  if (schemas === undefined) return undefined;
  const rules = Object.keys(schemas).map((source) => ({
    pattern: readPattern(source, 'patternProperties', builder),
    node: builder.child(schemas[source], 'patternProperties', source),
  }));
  return (value, place, run, seen) => {
    if (!isObject(value)) return true;
    return every(keysOf(value), (key) =>
      every(rules, ({ pattern, node }) => {
        if (!test(pattern, key, run)) return true;
        seen.member(key);
        return apply(node, value[key] ?? null, below(place, key), run);
      }),
    );
  };
};

const additionalProperties: Keyword = (schema, builder) => {
  const rest = ownMember(schema, 'additionalProperties');
  if (rest === undefined) return undefined;
  const node = builder.child(rest, 'additionalProperties');
  const named = new Set(Object.keys(readObject(schema, 'properties', builder) ?? {}));
  const sources = Object.keys(readObject(schema, 'patternProperties', builder) ?? {});
  const patterns = sources.map((source) => readPattern(source, 'patternProperties', builder));
  return (value, place, run, seen) => {
    if (!isObject(value)) return true;
    return every(keysOf(value), (key) => {
      run.charge(1);
      if (named.has(key) || patterns.some((pattern) => test(pattern, key, run))) return true;
      seen.member(key);
      if (rest === false) return run.fail(below(place, key), 'is not a member of the schema');
      return apply(node, value[key] ?? null, below(place, key), run);
    });
  };
};

const propertyNames: Keyword = (schema, builder) => {
  const names = ownMember(schema, 'propertyNames');
  if (names === undefined) return undefined;
  const node = builder.child(names, 'propertyNames');
  return (value, place, run) =>
    !isObject(value) ||
    every(
      keysOf(value),
      (key) =>
        run.quietly(() => apply(node, key, below(place, key), run)) ||
        run.fail(below(place, key), 'has a name that the schema does not allow'),
    );
};

export const OBJECT: readonly Keyword[] = [
  count('maxProperties', (actual, limit) => actual <= limit, 'most'),
  count('minProperties', (actual, limit) => actual >= limit, 'least'),
  required,
  dependentRequired,
  properties,
  patternProperties,
  additionalProperties,
  propertyNames,
];
