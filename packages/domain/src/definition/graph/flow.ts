import { END, type EdgeDefinition, type NodeDefinition, START } from '../definition.js';
import type { Draft } from '../draft.js';
import { LinkGraph, type LinkKind } from './link-graph.js';

/** A join: fires once each group has had one of its nodes end. */
export interface Join {
  target: string;
  groups: string[][];
}

/** What a node sets off when it ends: all of `always` and `joins`, one of `choices`; or `onError`, or `onOpen`, alone. */
export interface Firing {
  /** distinct targets of edges without a condition */
  always: string[];
  /** distinct targets of the conditional edges and of otherwise */
  choices: string[];
  hasOtherwise: boolean;
  /** the joins it is a source of: index into {@link Flow.joins}, and in which of its groups */
  joins: { join: number; groups: number[] }[];
  onError?: string;
  onOpen?: string;
}

/** The graph of a definition, for analysis. Edges that name an unknown node are left out and counted as loose ends. */
export interface Flow {
  graph: LinkGraph;
  firings: ReadonlyMap<string, Firing>;
  joins: readonly Join[];
  /** the first node with that id */
  nodes: ReadonlyMap<string, NodeDefinition | undefined>;
  /** targets of edges whose source is unknown: nothing is proven about how they are reached */
  looseTargets: ReadonlySet<string>;
  /** sources of edges whose target is unknown, and nodes that cannot be read: nothing is proven about where they lead */
  looseSources: ReadonlySet<string>;
  /** every node that may run next because this one ended */
  next: ReadonlyMap<string, readonly string[]>;
  /** the same the other way round */
  previous: ReadonlyMap<string, readonly string[]>;
  /** no loose ends: warnings about the whole graph make sense */
  intact: boolean;
}

interface Building {
  graph: LinkGraph;
  firings: Map<string, Firing>;
  joins: Join[];
  looseTargets: Set<string>;
  looseSources: Set<string>;
}

/** Linear in nodes and edges. */
export const flowOf = (draft: Draft): Flow => {
  const nodes = new Map<string, NodeDefinition | undefined>();
  for (const { id, value } of draft.nodes) {
    if (id !== undefined && id !== START && id !== END && !nodes.has(id)) nodes.set(id, value);
  }
  const building: Building = {
    graph: new LinkGraph([START, END, ...nodes.keys()]),
    firings: new Map(),
    joins: [],
    looseTargets: new Set(),
    looseSources: new Set(),
  };
  for (const id of [START, END, ...nodes.keys()]) {
    building.firings.set(id, { always: [], choices: [], hasOtherwise: false, joins: [] });
  }
  for (const { value } of draft.edges) {
    if (value !== undefined) addEdge(building, value);
  }
  for (const [id, node] of nodes) addHandlers(building, id, node);
  const { looseSources, looseTargets } = building;
  const intact = draft.wired && looseSources.size === 0 && looseTargets.size === 0;
  const next = new Map([...building.firings].map(([id, firing]) => [id, nextOf(firing, building.joins)]));
  return { ...building, nodes, next, previous: reversed(next), intact };
};

const addEdge = (building: Building, edge: EdgeDefinition): void => {
  const { graph, firings, looseSources, looseTargets } = building;
  const groups = (Array.isArray(edge.source) ? edge.source : [edge.source]).map((entry) =>
    Array.isArray(entry) ? entry : [entry],
  );
  const sources = [...new Set(groups.flat())];
  const known = sources.filter((id) => id !== END && graph.has(id));
  if (edge.target === START || !graph.has(edge.target)) {
    for (const id of known) looseSources.add(id);
    return;
  }
  if (known.length < sources.length) {
    looseTargets.add(edge.target);
    for (const id of known) link(building, id, edge.target, 'edge');
    return;
  }
  if (Array.isArray(edge.source)) {
    addJoin(building, edge.target, groups);
    return;
  }
  const firing = firings.get(edge.source);
  if (firing === undefined) return;
  const conditional = edge.condition !== undefined || edge.otherwise === true;
  (conditional ? firing.choices : firing.always).push(edge.target);
  firing.hasOtherwise ||= edge.otherwise === true;
  link(building, edge.source, edge.target, 'edge');
};

const addJoin = (building: Building, target: string, groups: string[][]): void => {
  building.joins.push({ target, groups });
  const join = building.joins.length - 1;
  const groupsOf = new Map<string, number[]>();
  for (const [index, group] of groups.entries()) {
    for (const id of new Set(group)) groupsOf.set(id, [...(groupsOf.get(id) ?? []), index]);
  }
  for (const [id, ofNode] of groupsOf) {
    building.firings.get(id)?.joins.push({ join, groups: ofNode });
    link(building, id, target, 'join');
  }
};

const addHandlers = (building: Building, id: string, node: NodeDefinition | undefined): void => {
  const firing = building.firings.get(id);
  if (firing === undefined) return;
  firing.always = [...new Set(firing.always)];
  firing.choices = [...new Set(firing.choices)];
  if (node === undefined) {
    building.looseSources.add(id);
    return;
  }
  firing.onError = handlerOf(building, id, node.on_error, 'on_error');
  if (node.on_open !== 'CONTINUE') firing.onOpen = handlerOf(building, id, node.on_open, 'on_open');
};

const handlerOf = (building: Building, id: string, target: string | undefined, kind: LinkKind): string | undefined => {
  if (target === undefined) return undefined;
  if (target === START || target === END || !building.graph.has(target)) {
    building.looseSources.add(id);
    return undefined;
  }
  link(building, id, target, kind);
  return target;
};

const link = ({ graph }: Building, source: string, target: string, kind: LinkKind): void => {
  graph.link(source, target, kind);
};

const nextOf = ({ always, choices, joins, onError, onOpen }: Firing, all: readonly Join[]): string[] => [
  ...new Set([
    ...always,
    ...choices,
    ...joins.flatMap(({ join }) => all[join]?.target ?? []),
    ...(onError === undefined ? [] : [onError]),
    ...(onOpen === undefined ? [] : [onOpen]),
  ]),
];

const reversed = (next: ReadonlyMap<string, readonly string[]>): Map<string, string[]> => {
  const previous = new Map<string, string[]>([...next.keys()].map((id) => [id, []]));
  for (const [id, targets] of next) {
    for (const target of targets) previous.get(target)?.push(id);
  }
  return previous;
};
