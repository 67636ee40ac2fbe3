import type { Json } from '../json/json.js';
import { SCOPE } from '../expression/scope.js';
import type { EdgeDefinition, NodeDefinition } from './definition.js';
import type { Draft } from './draft.js';
import { type PathSegment, pointerTo } from './findings.js';
import { formsIn } from './values.js';

/** Where a definition holds an expression: what it may name and what it must give. */
export interface ExpressionPlace {
  /** CEL text, or what stands in its place */
  source: Json;
  pointer: string;
  variables: readonly string[];
  expect: 'bool' | 'list' | 'any';
  node?: string;
  edge?: number;
}
/** A part of the definition that may hold expressions at any depth. */
export interface ValuePlace {
  value: Json | undefined;
  member: PathSegment[];
  variables: readonly string[];
}

/** Every expression of a definition, in the order of the text. */
export function* expressionsOf(draft: Draft): Generator<ExpressionPlace> {
  const itemTargets = forEachTargets(draft);
  for (const [index, part] of draft.nodes.entries()) {
    if (part.value === undefined) continue;
    const item = itemTargets.has(part.value.id);
    for (const place of valuesOf(part.value, item)) {
      yield* inValue(place.value, ['nodes', index, ...place.member], place.variables, part.value.id);
    }
  }
  for (const [index, part] of draft.edges.entries()) {
    if (part.value !== undefined) yield* ofEdge(part.value, index);
  }
  yield* inValue(draft.output, ['output'], SCOPE.output);
  for (const { value, pointer } of draft.gates.values()) {
    if (value?.trigger_condition === undefined) continue;
    yield {
      source: value.trigger_condition,
      pointer: `${pointer}/trigger_condition`,
      variables: SCOPE.gate,
      expect: 'bool',
    };
  }
}

/** Ids of the nodes that a for-each edge visits: `item` and `index` are in scope there. */
export const forEachTargets = (draft: Draft): Set<string> =>
  new Set(draft.edges.flatMap(({ value }) => (value?.for_each === undefined ? [] : [value.target])));

/** The parts of a node that may hold expressions. @param item the node is the target of a for-each edge */
export const valuesOf = (node: NodeDefinition, item: boolean): ValuePlace[] => {
  const before = item ? SCOPE.forEachTarget : SCOPE.tool;
  const after = item ? SCOPE.forEachOutputs : SCOPE.outputs;
  const places: ValuePlace[] = inputsOf(node).map(([member, value]) => ({ value, member, variables: before }));
  if ('outputs' in node) {
    for (const [channel, source] of Object.entries(node.outputs ?? {})) {
      // Written as text or as {cel}: both are the expression.
      const value = typeof source === 'string' ? { cel: source } : source;
      places.push({ value, member: ['outputs', channel], variables: after });
    }
  }
  if (node.compensate !== undefined) {
    places.push({ value: node.compensate.arguments, member: ['compensate', 'arguments'], variables: after });
  }
  return places;
};

/** The values that a node's type evaluates before it runs. */
const inputsOf = (node: NodeDefinition): [PathSegment[], Json | undefined][] => {
  switch (node.type) {
    case 'agent':
      return [[['prompt'], node.prompt]];
    case 'tool':
    case 'function':
      return [[['arguments'], node.arguments]];
    case 'transform':
      // One by one: a channel may be called `cel`.
      return Object.entries(node.set).map(([channel, value]) => [['set', channel], value]);
    case 'gate':
      return [[['payload'], node.payload]];
    case 'workflow':
      return [[['input'], node.input]];
    case 'wait':
      return [
        [['seconds'], node.seconds],
        [['until'], node.until],
      ];
    case 'fail':
      return [[['message'], node.message]];
    case 'compensate':
      return [];
  }
};

function* ofEdge(edge: EdgeDefinition, index: number): Generator<ExpressionPlace> {
  const place = { variables: SCOPE.edge, edge: index };
  if (edge.condition !== undefined) {
    yield { ...place, source: edge.condition, pointer: `/edges/${index}/condition`, expect: 'bool' };
  }
  if (edge.for_each !== undefined) {
    yield { ...place, source: edge.for_each, pointer: `/edges/${index}/for_each`, expect: 'list' };
  }
}

function* inValue(
  value: Json | undefined,
  path: PathSegment[],
  variables: readonly string[],
  node?: string,
): Generator<ExpressionPlace> {
  if (value === undefined) return;
  for (const form of formsIn(value, path)) {
    if (form.kind !== 'expression') continue;
    yield { source: form.source, pointer: pointerTo([...form.path, 'cel']), variables, expect: 'any', node };
  }
}
