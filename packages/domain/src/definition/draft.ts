import type { Json, JsonObject, JsonSchema } from '../json/json.js';
import { pointerTo } from './findings.js';
import type { ChannelDefinition, EdgeDefinition, GateDefinition, NodeDefinition } from './definition.js';

/** A part of a definition: its value where its structure is sound, and where it stands. */
interface Part<T> {
  readonly value: T | undefined;
  readonly pointer: string;
}
interface NodePart extends Part<NodeDefinition> {
  /** known as soon as it is a text, sound node or not: others may refer to it */
  readonly id: string | undefined;
}

/**
 * What can be read of a definition, broken parts left out: one mistake must not hide the next.
 * Lists keep their places, so that indexes are those of the definition.
 */
export interface Draft {
  readonly name: string | undefined;
  readonly input: JsonSchema | undefined;
  readonly channels: ReadonlyMap<string, Part<ChannelDefinition>>;
  readonly gates: ReadonlyMap<string, Part<GateDefinition>>;
  readonly nodes: readonly NodePart[];
  readonly edges: readonly Part<EdgeDefinition>[];
  readonly output: Json | undefined;
  /** every node and edge is sound: what can be said of the graph is true of the one that was meant */
  readonly wired: boolean;
}

/** @param broken pointers of the parts that have an error somewhere inside */
export const draftOf = (root: JsonObject, broken: ReadonlySet<string>): Draft => {
  const part = <T>(value: Json, pointer: string): Part<T> => ({
    value: broken.has(pointer) ? undefined : (value as T),
    pointer,
  });
  const parts = <T>(member: string): Part<T>[] =>
    listOf(root[member]).map((value, index) => part<T>(value, `/${member}/${index}`));
  const named = <T>(member: string): Map<string, Part<T>> =>
    new Map(
      Object.entries(objectOf(root[member])).map(([key, value]) => [key, part<T>(value, pointerTo([member, key]))]),
    );
  return {
    name: typeof root['name'] === 'string' ? root['name'] : undefined,
    input: broken.has('/input') ? undefined : (root['input'] as JsonSchema | undefined),
    channels: named<ChannelDefinition>('state'),
    gates: named<GateDefinition>('hitl_gates'),
    nodes: parts<NodeDefinition>('nodes').map((node, index) => ({ ...node, id: idOf(listOf(root['nodes'])[index]) })),
    edges: parts<EdgeDefinition>('edges'),
    output: root['output'],
    wired: ![...broken].some((pointer) => /^\/(?:nodes|edges)(?:\/|$)/.test(pointer)),
  };
};

const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
const idOf = (node: Json | undefined): string | undefined => {
  const id = objectOf(node)['id'];
  return typeof id === 'string' ? id : undefined;
};
