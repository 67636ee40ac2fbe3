/** Which edges an ended node sets off, and what becomes due. */
import type { EdgeDefinition, Json, WorkflowDefinition } from '@aumos/agf-domain';
import { evaluated, expression, type Scope } from './evaluate.js';
import { Failed, type Tell } from './expected.js';
import type { Due } from './visit.js';

export interface Planned {
  /** by node: reached as such, and items of fan-outs */
  due: Map<string, { plain: boolean; items: NonNullable<Due['item']>[] }>;
  ended: boolean;
}

/** By join edge, the sources that have ended since it last fired. */
export type JoinsReached = Map<EdgeDefinition, Set<string>>;

const groupsOf = (edge: EdgeDefinition): string[][] =>
  typeof edge.source === 'string' ? [] : edge.source.map((group) => (typeof group === 'string' ? [group] : group));

export function reach(planned: Planned, node: string): { plain: boolean; items: NonNullable<Due['item']>[] } {
  const entry = planned.due.get(node) ?? { plain: false, items: [] };
  planned.due.set(node, entry);
  return entry;
}

export function go(planned: Planned, target: string): void {
  if (target === 'END') planned.ended = true;
  else reach(planned, target).plain = true;
}

interface Site {
  node: string | null;
  visit: number | null;
}

/** @throws Failed before anything is set off */
export function followEdges(
  { edges }: WorkflowDefinition,
  source: string,
  scope: Scope,
  site: Site,
  to: { planned: Planned; joins: JoinsReached; tell: Tell },
): void {
  const mine = edges.filter((edge) => edge.source === source);
  const fail = (code: string) => (): never => {
    throw new Failed({ code, ...site, attempts: 1 });
  };
  const of = (text: string): Json => evaluated(() => expression(text, scope), fail('EXPRESSION_ERROR'));
  const conditional = mine.filter(({ condition }) => condition !== undefined);
  const chosen =
    conditional.find(({ condition }) => of(condition ?? '') === true) ?? mine.find(({ otherwise }) => otherwise);
  if (conditional.length > 0 && !chosen) fail('NO_EDGE_MATCHED')();
  const firing = mine.filter((edge) => edge === chosen || (edge.condition === undefined && !edge.otherwise));
  const lists = firing.map(({ for_each }) => (for_each === undefined ? null : of(for_each)));
  if (lists.some((list) => list !== null && !Array.isArray(list))) fail('EXPRESSION_ERROR')();
  firing.forEach((edge, i) => {
    const list = lists[i];
    if (!Array.isArray(list)) return go(to.planned, edge.target);
    to.tell(list.length === 0 ? 'empty list' : 'fan-out');
    const items = list.map((item, index) => ({ edge: edges.indexOf(edge), index, value: item }));
    reach(to.planned, edge.target).items.push(...items);
  });
  for (const join of edges)
    if (groupsOf(join).flat().includes(source)) to.joins.set(join, (to.joins.get(join) ?? new Set()).add(source));
}

export function fireJoins(joins: JoinsReached, planned: Planned, tell: Tell): void {
  for (const [edge, ended] of [...joins]) {
    if (!groupsOf(edge).every((group) => group.some((source) => ended.has(source)))) continue;
    joins.delete(edge);
    tell('join fired');
    go(planned, edge.target);
  }
}
