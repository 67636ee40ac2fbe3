import type { ExecutionError } from '@aumos/agf-domain/runtime';
import { executionError } from './failure.js';
import type { Plan } from './plan.js';
import type { Bookkeeping } from './step.js';

/** Nothing is left to run: is that an end, or does a join still wait, or was END never reached? */
export function deadlock(plan: Plan, book: Pick<Bookkeeping, 'joins' | 'ended'>): ExecutionError | undefined {
  const waiting = plan.joins.flatMap(({ target, groups }, join) => {
    const reached = book.joins[join];
    if (!reached) return [];
    return [{ target, missing: groups.filter((_, group) => !reached.includes(group)) }];
  });
  if (waiting.length === 0 && book.ended) return undefined;
  const text = waiting.map(
    ({ target, missing }) =>
      `the join into "${target}" still waits for ${missing.map((g) => g.join(' or ')).join(', ')}`,
  );
  const message =
    text.length > 0
      ? `Nothing is left to run, but ${text.join('; ')}`
      : 'Nothing is left to run, but no branch reached END';
  return executionError({ node: null, visit: null }, 'DEADLOCK', message, { joins: waiting });
}
