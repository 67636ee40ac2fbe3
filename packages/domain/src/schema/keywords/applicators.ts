import { type Json, type JsonObject } from '../../json/json.js';
import { ownMember } from '../../json/own.js';
import { apply, every } from '../apply.js';
import { type CheckRun } from '../check-run.js';
import { again, type Place } from '../place.js';
import { type Builder, isObject, type Keyword, type SchemaNode } from '../schema-node.js';
import { type Seen } from '../seen.js';
import { readList, readObject, readText } from './read.js';

/** A schema on the same spot: what it looked at counts only where it holds. */
function applyHere(node: SchemaNode, value: Json, place: Place, run: CheckRun, seen: Seen): boolean {
  const own = run.seen();
  const holds = apply(node, value, again(place), run, own);
  if (holds) seen.add(own);
  return holds;
}

const reference =
  (keyword: '$ref' | '$dynamicRef'): Keyword =>
  (schema, builder) => {
    const ref = readText(schema, keyword, builder);
    if (ref === undefined) return undefined;
    const node = builder.reference(ref);
    return (value, place, run, seen) => applyHere(node, value, place, run, seen);
  };

function alternatives(schema: JsonObject, keyword: string, builder: Builder): SchemaNode[] | undefined {
  const schemas = readList(schema, keyword, builder);
  if (schemas?.length === 0) throw builder.refuse(`${keyword} must not be empty`, keyword);
  return schemas?.map((one, i) => builder.inPlace(one, keyword, i));
}

const allOf: Keyword = (schema, builder) => {
  const nodes = alternatives(schema, 'allOf', builder);
  if (nodes === undefined) return undefined;
  return (value, place, run, seen) => every(nodes, (node) => applyHere(node, value, place, run, seen));
};

const anyOf: Keyword = (schema, builder) => {
  const nodes = alternatives(schema, 'anyOf', builder);
  if (nodes === undefined) return undefined;
  return (value, place, run, seen) => {
    const held = nodes.filter((node) => run.quietly(() => applyHere(node, value, place, run, seen)));
    return held.length > 0 || run.fail(place, 'must be as one of anyOf');
  };
};

const oneOf: Keyword = (schema, builder) => {
  const nodes = alternatives(schema, 'oneOf', builder);
  if (nodes === undefined) return undefined;
  return (value, place, run, seen) => {
    const held = nodes.filter((node) => run.quietly(() => applyHere(node, value, place, run, seen)));
    return held.length === 1 || run.fail(place, `must be as exactly one of oneOf, is as ${held.length}`);
  };
};

const not: Keyword = (schema, builder) => {
  const refused = ownMember(schema, 'not');
  if (refused === undefined) return undefined;
  const node = builder.inPlace(refused, 'not');
  return (value, place, run) =>
    !run.quietly(() => apply(node, value, again(place), run)) || run.fail(place, 'must not be as the schema says');
};

const condition: Keyword = (schema, builder) => {
  const test = ownMember(schema, 'if');
  if (test === undefined) return undefined;
  const branch = (keyword: string): SchemaNode | undefined =>
    ownMember(schema, keyword) === undefined ? undefined : builder.inPlace(ownMember(schema, keyword), keyword);
  const [node, then, otherwise] = [builder.inPlace(test, 'if'), branch('then'), branch('else')];
  return (value, place, run, seen) => {
    const held = run.quietly(() => applyHere(node, value, place, run, seen));
    const next = held ? then : otherwise;
    return next === undefined || applyHere(next, value, place, run, seen);
  };
};

const dependentSchemas: Keyword = (schema, builder) => {
  const schemas = readObject(schema, 'dependentSchemas', builder);
  if (schemas === undefined) return undefined;
  const rules = Object.keys(schemas).map((key) => ({
    key,
    node: builder.inPlace(schemas[key], 'dependentSchemas', key),
  }));
  return (value, place, run, seen) =>
    !isObject(value) ||
    every(rules, ({ key, node }) => ownMember(value, key) === undefined || applyHere(node, value, place, run, seen));
};

export const APPLICATORS: readonly Keyword[] = [
  reference('$ref'),
  reference('$dynamicRef'),
  allOf,
  anyOf,
  oneOf,
  not,
  condition,
  dependentSchemas,
];
