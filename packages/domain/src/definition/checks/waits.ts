import { expressionKinds } from '../expression-kinds.js';
import { MAX_SECONDS } from '../limits.js';
import type { Json } from '../../json/json.js';
import type { WaitNode } from '../definition.js';
import { forEachTargets, valuesOf } from '../places.js';
import { formOf } from '../values.js';
import type { CheckContext } from './context.js';

/** How long a wait node waits: a number of seconds, or a time as a text; written out or as an expression of that type. */
export const checkWaits = ({ draft, findings }: CheckContext): void => {
  const targets = forEachTargets(draft);
  for (const { value: node, pointer } of draft.nodes) {
    if (node?.type !== 'wait') continue;
    for (const member of ['seconds', 'until'] as const) {
      const problem = problemOf(node, member, targets.has(node.id));
      if (problem === undefined) continue;
      const message = `${member} ${problem}`;
      findings.error({ rule: 'WRONG_TYPE', message, node: node.id, pointer: `${pointer}/${member}` });
    }
  }
};

const problemOf = (node: WaitNode, member: 'seconds' | 'until', item: boolean): string | undefined => {
  const value = node[member];
  if (value === undefined) return undefined;
  const source = sourceOf(value);
  if (source === undefined) return member === 'seconds' ? secondsProblem(value) : timeProblem(value);
  const [place] = valuesOf(node, item).filter((each) => each.member[0] === member);
  const kinds = expressionKinds(source, place?.variables ?? []);
  const wanted = member === 'seconds' ? kinds?.number : kinds?.text || kinds?.timestamp;
  return kinds === undefined || wanted ? undefined : `must give ${WANTED[member]}`;
};

const WANTED = { seconds: 'a number', until: 'a time: a text of RFC 3339 or a timestamp' };

const sourceOf = (value: Json): string | undefined => {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || formOf(value) !== 'cel') return undefined;
  return typeof value['cel'] === 'string' ? value['cel'] : undefined;
};

const secondsProblem = (value: Json): string | undefined =>
  typeof value === 'number' && value >= 0 && value <= MAX_SECONDS
    ? undefined
    : `must be a number of 0 to ${MAX_SECONDS} or an expression`;

const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

const timeProblem = (value: Json): string | undefined =>
  typeof value === 'string' && RFC_3339.test(value) && !Number.isNaN(Date.parse(value))
    ? undefined
    : 'must be a time of RFC 3339 or an expression';
