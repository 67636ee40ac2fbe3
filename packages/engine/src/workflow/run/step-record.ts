import type { Json } from '@aumos/agf-domain/runtime';
import type { StepRecord } from '../../common/index.js';
import type { NextStepCommit, OrderedWrite } from '../plan/step.js';

/** The commit as it is kept: what the next step begins with is the fold of all records. */
export function stepRecord({ book, writes }: NextStepCommit): StepRecord {
  const byChannel = new Map<string, OrderedWrite[]>();
  for (const ofNode of writes.values())
    for (const [channel, ordered] of ofNode) byChannel.set(channel, [...(byChannel.get(channel) ?? []), ...ordered]);
  const inOrder = (ordered: OrderedWrite[]): Json[] =>
    ordered.sort((a, b) => a.order - b.order).map(({ value }) => value);
  const { step, due, joins, ended } = book;
  return {
    step,
    due,
    joins,
    ended,
    writes: Object.fromEntries([...byChannel].map(([channel, ordered]) => [channel, inOrder(ordered)])),
  };
}
