import { type EdgeDefinition, END, type NodeDefinition, START } from '../definition.js';
import { freeName, literal } from './program-text.js';

/** Names of nodes in the program: LangGraph's may not be a channel's. */
export interface NodeNames {
  /** undefined: no node has the id */
  of: (id: string) => string | undefined;
  taken: Set<string>;
}

type SingleEdge = EdgeDefinition & { source: string };
type JoinEdge = EdgeDefinition & { source: (string | string[])[] };

/** The edges of one source, as statements of the program. */
export const writeEdges = (
  id: string,
  node: NodeDefinition | undefined,
  all: readonly SingleEdge[],
  names: NodeNames,
): string[] => {
  const source = place(id, names);
  const edges = all.filter(({ target }) => place(target, names) !== undefined);
  if (source === undefined) return [];
  const handlers = node === undefined ? [] : handlersOf(node, names);
  const always = edges.filter(({ condition, otherwise }) => condition === undefined && otherwise === undefined);
  const choices = edges.filter(({ condition, otherwise }) => condition !== undefined || otherwise !== undefined);
  // A plain edge fires whatever the router says: beside handlers it has to be the router's.
  const isRouted = ({ for_each }: SingleEdge): boolean => for_each !== undefined || handlers.length > 0;
  const plain = always.filter((edge) => !isRouted(edge));
  const also = always.filter(isRouted);
  const targets = new Set(plain.map(({ target }) => place(target, names)));
  const lines = [...targets].map((target) => `graph.addEdge(${source}, ${target});`);
  if (also.length + choices.length + handlers.length === 0) return lines;
  const ends = new Set([
    ...[...also, ...choices].map(({ target }) => place(target, names)),
    ...handlers.map(({ target }) => target),
  ]);
  const body = [...takeHandlers(id, handlers), ...takeEdges(id, also, choices, names)];
  const router = ['(state): To => {', ...body.map((line) => `  ${line}`), '},', `[${[...ends].join(', ')}],`];
  const statement = [`${source},`, ...router].map((line) => `  ${line}`);
  return [...lines, 'graph.addConditionalEdges(', ...statement, ');'];
};

interface Handler {
  outcome: 'error' | 'open';
  target: string;
}

const handlersOf = ({ on_error, on_open }: NodeDefinition, names: NodeNames): Handler[] => {
  const error = on_error === undefined ? undefined : place(on_error, names);
  const open = on_open === undefined || on_open === 'CONTINUE' ? undefined : place(on_open, names);
  return [
    ...(error === undefined ? [] : [{ outcome: 'error', target: error } as const]),
    ...(open === undefined ? [] : [{ outcome: 'open', target: open } as const]),
  ];
};

const takeHandlers = (id: string, handlers: readonly Handler[]): string[] => [
  ...(handlers.length === 0 ? [] : [`const outcome = run.outcome(${literal(id)}, state);`]),
  ...handlers.map(({ outcome, target }) => `if (outcome === '${outcome}') return ${target};`),
];

/** Of the conditional edges the first true one, else otherwise, else NO_EDGE_MATCHED; the others in any case. */
const takeEdges = (
  id: string,
  also: readonly SingleEdge[],
  choices: readonly SingleEdge[],
  names: NodeNames,
): string[] => {
  const always = also.map((edge) => goTo(edge, names));
  const list = `[${always.join(', ')}].flat()`;
  if (choices.length === 0) return [`return ${always.length === 1 ? always[0] : always.length === 0 ? '[]' : list};`];
  const answer = (edge: SingleEdge): string =>
    also.length === 0 ? goTo(edge, names) : `[also, ${goTo(edge, names)}].flat(2)`;
  const otherwise = choices.find((edge) => edge.otherwise === true);
  const conditional = choices.filter(({ condition }) => condition !== undefined);
  return [
    ...(also.length === 0 ? [] : [`const also = [${always.join(', ')}];`]),
    ...conditional.map((edge) => `if (run.when(${literal(edge.condition ?? '')}, state)) return ${answer(edge)};`),
    `return ${otherwise === undefined ? `run.noEdgeMatched(${literal(id)})` : answer(otherwise)};`,
  ];
};

const goTo = ({ target, for_each }: SingleEdge, names: NodeNames): string => {
  const to = place(target, names) ?? 'END';
  if (for_each === undefined) return to;
  return `run.items(${literal(for_each)}, state).map((item, index) => new Send(${to}, { ...state, item, index }))`;
};

/** A join is an edge of several sources; one of a list is a node of its own, which each of the list leads to. */
export const writeJoin = (edge: JoinEdge, index: number, names: NodeNames): { nodes: string[]; lines: string[] } => {
  const target = place(edge.target, names);
  const nodes: string[] = [];
  const lines: string[] = [];
  const sources = edge.source.flatMap((entry, position) => {
    const group = (Array.isArray(entry) ? entry : [entry]).map((id) => place(id, names) ?? '');
    if (target === undefined || group.includes('')) return [];
    if (group.length === 1) return group;
    const any = literal(freeName(`any_${index}_${position}`, names.taken));
    nodes.push(any);
    lines.push(...group.map((id) => `graph.addEdge(${id}, ${any});`));
    return [any];
  });
  if (sources.length > 0) lines.push(`graph.addEdge([${[...new Set(sources)].join(', ')}], ${target});`);
  return { nodes, lines };
};

const place = (id: string, names: NodeNames): string | undefined => {
  if (id === START || id === END) return id;
  const name = names.of(id);
  return name === undefined ? undefined : literal(name);
};
