import { type EdgeDefinition, END, START } from '../definition.js';
import type { FindingList } from '../findings.js';
import { shown } from '../findings.js';
import type { CheckContext } from './context.js';

type Report = (rule: string, message: string, member: string, hint?: string) => void;

/** Each edge by itself, and the conditional edges of a source together. */
export const checkEdges = ({ draft, flow, findings }: CheckContext): void => {
  const conditions = new Map<string, { conditional: number; otherwise: number[] }>();
  for (const [index, { value: edge, pointer }] of draft.edges.entries()) {
    if (edge === undefined) continue;
    const report: Report = (rule, message, member, hint) => {
      findings.error({ rule, message, edge: index, pointer: `${pointer}/${member}`, hint });
    };
    checkEnds(edge, (id) => flow.nodes.has(id), report);
    if (typeof edge.source === 'string') checkSingle(edge, report);
    else checkJoin(edge, edge.source, report);
    if (typeof edge.source !== 'string') continue;
    const ofSource = conditions.get(edge.source) ?? { conditional: 0, otherwise: [] };
    if (edge.otherwise === true) ofSource.otherwise.push(index);
    else if (edge.condition !== undefined) ofSource.conditional += 1;
    conditions.set(edge.source, ofSource);
  }
  for (const [source, { conditional, otherwise }] of conditions)
    checkOtherwise(source, conditional, otherwise, findings);
};

const checkEnds = (edge: EdgeDefinition, known: (id: string) => boolean, report: Report): void => {
  const sources = typeof edge.source === 'string' ? [edge.source] : edge.source.flat();
  for (const source of sources) {
    if (source === END) report('EDGE_FROM_END', 'END ends its branch: no edge leaves it', 'source');
    else if (source !== START && !known(source)) report(...unknownNode(source), 'source', UNKNOWN_HINT);
  }
  if (edge.target === START) report('EDGE_TO_START', 'no edge leads to START', 'target');
  else if (edge.target !== END && !known(edge.target)) report(...unknownNode(edge.target), 'target', UNKNOWN_HINT);
};

const UNKNOWN_HINT = 'correct the id or add the node';
const unknownNode = (id: string): [string, string] => ['UNKNOWN_NODE', `there is no node ${shown(id)}`];

const checkSingle = (edge: EdgeDefinition, report: Report): void => {
  if (edge.condition !== undefined && edge.otherwise === true) {
    report('OTHERWISE_WITH_CONDITION', 'an edge has a condition or is the otherwise, not both', 'otherwise');
  }
  if (edge.for_each !== undefined && edge.target === END) {
    report('FOR_EACH_TARGET', 'END cannot be visited for each item', 'for_each');
  }
  if (edge.for_each !== undefined) return;
  for (const member of ['max_concurrency', 'on_item_error'] as const) {
    if (edge[member] !== undefined) report('MEMBER_WITHOUT_FOR_EACH', `${member} needs for_each`, member);
  }
};

const checkJoin = (edge: EdgeDefinition, source: readonly (string | string[])[], report: Report): void => {
  for (const member of ['condition', 'otherwise', 'for_each', 'max_concurrency', 'on_item_error'] as const) {
    if (edge[member] === undefined) continue;
    report('JOIN_MEMBER', `a join edge takes no ${member}`, member, 'put it on an edge of a node after the join');
  }
  const seen = new Set<string>();
  for (const id of source.flat()) {
    if (id === START) report('JOIN_SOURCE', 'START is no source of a join', 'source');
    else if (seen.has(id)) report('JOIN_SOURCE', `${shown(id)} is named twice in the join`, 'source');
    seen.add(id);
  }
};

const checkOtherwise = (
  source: string,
  conditional: number,
  otherwise: readonly number[],
  findings: FindingList,
): void => {
  for (const edge of otherwise.slice(1)) {
    const message = `${shown(source)} has more than one otherwise`;
    findings.error({ rule: 'OTHERWISE_TWICE', message, edge, pointer: `/edges/${edge}/otherwise` });
  }
  const [edge] = otherwise;
  if (edge === undefined || conditional > 0) return;
  const message = `${shown(source)} has an otherwise but no conditional edge`;
  const hint = 'leave otherwise out: the edge then always fires';
  findings.error({ rule: 'OTHERWISE_ALONE', message, edge, pointer: `/edges/${edge}/otherwise`, hint });
};
