import { type EdgeDefinition, END, type NodeDefinition, START, type WorkflowDefinition } from '../definition.js';
import { describeNode, notesOf } from './describe-node.js';
import { labelOf } from './mermaid-text.js';

/** Around a node's label, by its type. */
const SHAPES: Record<NodeDefinition['type'], [string, string]> = {
  agent: ['([', '])'],
  tool: ['[', ']'],
  function: ['[[', ']]'],
  transform: ['[/', '/]'],
  gate: ['{{', '}}'],
  workflow: ['[[', ']]'],
  wait: ['(', ')'],
  compensate: ['[\\', '\\]'],
  fail: ['>', ']'],
};

/** Names of things in the diagram: own ones, since a node may be called like a word of the diagram's language. */
interface Names {
  of: (id: string) => string;
  /** ids that edges name and no node has, in the order they were met */
  unknown: Map<string, string>;
}

/**
 * The definition as a Mermaid flowchart: a shape a node type, edges with their condition, `otherwise` or list, joins as
 * a circle, error and open edges dashed. Pure, linear; any text in it stays a label. Takes unchecked definitions too:
 * what names no node is drawn as unknown.
 */
export const toMermaid = (definition: WorkflowDefinition): string => {
  const names = namesOf(definition.nodes);
  const edges = definition.edges.flatMap((edge, index) => drawEdge(edge, index, names));
  const handlers = definition.nodes.flatMap((node) => drawHandlers(node, names));
  const nodes = definition.nodes.map((node, index) => drawNode(node, index));
  const unknown = [...names.unknown].map(([id, name]) => `${name}[${labelOf(`unknown: ${id}`)}]`);
  const lines = ['start((START))', ...nodes, ...unknown, 'finish((END))', ...edges, ...handlers];
  return ['flowchart TD', ...lines.map((line) => `  ${line}`), ''].join('\n');
};

const namesOf = (nodes: readonly NodeDefinition[]): Names => {
  const known = new Map<string, string>();
  for (const [index, { id }] of nodes.entries()) if (!known.has(id)) known.set(id, `n${index}`);
  known.set(START, 'start').set(END, 'finish');
  const unknown = new Map<string, string>();
  const of = (id: string): string => {
    const name = known.get(id) ?? unknown.get(id) ?? `u${unknown.size}`;
    if (!known.has(id)) unknown.set(id, name);
    return name;
  };
  return { of, unknown };
};

const drawNode = (node: NodeDefinition, index: number): string => {
  const [open, close] = SHAPES[node.type];
  return `n${index}${open}${labelOf(node.id, describeNode(node), ...notesOf(node))}${close}`;
};

const drawEdge = (edge: EdgeDefinition, index: number, { of }: Names): string[] => {
  if (typeof edge.source === 'string') return [arrow(of(edge.source), of(edge.target), labelsOf(edge))];
  const join = `j${index}`;
  const sources = edge.source.flatMap((entry) => {
    if (typeof entry === 'string') return [arrow(of(entry), join, [])];
    return entry.map((id) => arrow(of(id), join, entry.length > 1 ? [`one of ${entry.join(', ')}`] : []));
  });
  return [`${join}((${labelOf('join')}))`, ...sources, arrow(join, of(edge.target), [])];
};

const labelsOf = (edge: EdgeDefinition): string[] => [
  ...(edge.condition === undefined ? [] : [edge.condition]),
  ...(edge.otherwise === true ? ['otherwise'] : []),
  ...(edge.for_each === undefined ? [] : [`for each ${edge.for_each}`]),
  ...(edge.max_concurrency === undefined ? [] : [`at most ${edge.max_concurrency} at once`]),
  ...(edge.on_item_error === 'collect' ? ['errors collected'] : []),
];

const arrow = (source: string, target: string, labels: string[]): string =>
  labels.length === 0 ? `${source} --> ${target}` : `${source} -->|${labelOf(...labels)}| ${target}`;

const drawHandlers = (node: NodeDefinition, { of }: Names): string[] => {
  const handlers: [string, string | undefined][] = [
    ['on_error', node.on_error],
    ['on_open', node.on_open === 'CONTINUE' ? undefined : node.on_open],
  ];
  return handlers.flatMap(([label, target]) =>
    target === undefined ? [] : [`${of(node.id)} -.->|${labelOf(label)}| ${of(target)}`],
  );
};
