import { type EdgeDefinition, type NodeDefinition, START, type WorkflowDefinition } from '../definition.js';
import { describeNode, notesOf } from './describe-node.js';
import { type NodeNames, writeEdges, writeJoin } from './langgraph-edges.js';
import { writeState } from './langgraph-state.js';
import { commented, freeName, literal } from './program-text.js';

/**
 * The definition's shape as a TypeScript program of LangGraph, to read and to start from: channels with their reducers, a
 * stub a node, edges, joins, routers for conditions and handlers, `Send` for each item. What a node does and what an
 * expression gives is asked of a `Runtime` that the program takes; gates, breakers, retries and limits are not in it.
 * Pure, linear. Any text of the definition stays a literal or a comment; edges that name no node are left out.
 */
export const toLangGraph = (definition: WorkflowDefinition): string => {
  const state = writeState(definition);
  const names = namesOf(definition.nodes, state.channels);
  const joins = definition.edges.map((edge, index) => (isJoin(edge) ? writeJoin(edge, index, names) : undefined));
  const nodes = firstById(definition.nodes);
  const bySource = edgesBySource(definition.edges);
  const edges = [START, ...nodes.keys()].flatMap((id) => writeEdges(id, nodes.get(id), bySource.get(id) ?? [], names));
  return [
    `// The shape of workflow ${commented(definition.name)}. Nodes and expressions are the runtime's.`,
    `import { Annotation, END, Send, START, StateGraph } from '@langchain/langgraph';`,
    '',
    ...state.lines,
    ...RUNTIME,
    '/** The graph, ready to run. */',
    'export const build = (run: Runtime) => {',
    '  const graph = new StateGraph(State).addNode([',
    ...writeNodes(nodes.values(), names).map((line) => `    ${line}`),
    ...joins.flatMap((join) => (join?.nodes ?? []).map((any) => `    [${any}, (): Update => ({})],`)),
    '  ]);',
    ...[...edges, ...joins.flatMap((join) => join?.lines ?? [])].map((line) => `  ${line}`),
    '  return graph.compile();',
    '};',
    '',
  ].join('\n');
};

const RUNTIME = [
  'type State = typeof State.State;',
  'type Update = typeof State.Update;',
  '/** In the target of a for-each edge also the item. */',
  'type Visit = State & { item?: unknown; index?: number };',
  'type To = string | Send | (string | Send)[];',
  '',
  '/** What runs nodes and evaluates expressions. */',
  'export interface Runtime {',
  '  node(id: string, state: Visit): Promise<Update>;',
  '  /** How the node ended last. */',
  "  outcome(id: string, state: State): 'ok' | 'error' | 'open';",
  '  when(condition: string, state: State): boolean;',
  '  items(list: string, state: State): unknown[];',
  '  noEdgeMatched(id: string): never;',
  '}',
  '',
];

const namesOf = (nodes: readonly NodeDefinition[], channels: readonly string[]): NodeNames => {
  const reserved = new Set(channels);
  const taken = new Set([...channels, ...nodes.map(({ id }) => id)]);
  const names = new Map<string, string>();
  for (const { id } of nodes) {
    if (!names.has(id)) names.set(id, reserved.has(id) ? freeName(`${id}_node`, taken) : id);
  }
  return { of: (id) => names.get(id), taken };
};

const writeNodes = (nodes: Iterable<NodeDefinition>, names: NodeNames): string[] =>
  [...nodes].flatMap((node) => [
    `// ${commented([describeNode(node), ...notesOf(node)].join('; '))}`,
    `[${literal(names.of(node.id) ?? node.id)}, (state: Visit): Promise<Update> => run.node(${literal(node.id)}, state)],`,
  ]);

const firstById = (nodes: readonly NodeDefinition[]): Map<string, NodeDefinition> => {
  const first = new Map<string, NodeDefinition>();
  for (const node of nodes) if (!first.has(node.id)) first.set(node.id, node);
  return first;
};

const isJoin = (edge: EdgeDefinition): edge is EdgeDefinition & { source: (string | string[])[] } =>
  Array.isArray(edge.source);

const edgesBySource = (edges: readonly EdgeDefinition[]): Map<string, (EdgeDefinition & { source: string })[]> => {
  const bySource = new Map<string, (EdgeDefinition & { source: string })[]>();
  for (const edge of edges) {
    if (typeof edge.source !== 'string') continue;
    const list = bySource.get(edge.source);
    if (list === undefined) bySource.set(edge.source, [edge as EdgeDefinition & { source: string }]);
    else list.push(edge as EdgeDefinition & { source: string });
  }
  return bySource;
};
