import { applyWrite, type ChannelDefinition, type Json, type JsonObject } from '@aumos/agf-domain/runtime';
import type { StepRecord } from '../common/index.js';
import { own } from '../workflow/plan/own.js';

/** The state after the steps' writes, in their order, by the channels' reducers. What is no channel is left out. */
export function foldWrites(
  channels: Readonly<Record<string, ChannelDefinition>>,
  state: JsonObject,
  steps: readonly Pick<StepRecord, 'writes'>[],
): JsonObject {
  const next = { ...state };
  for (const [name, writes] of byChannel(steps)) {
    const channel = own(channels, name);
    if (channel === undefined) continue;
    next[name] = atOnce(channel, writes).reduce<Json>(
      (value, write) => applyWrite(channel, value, write),
      own(next, name) ?? null,
    );
  }
  return next;
}

function byChannel(steps: readonly Pick<StepRecord, 'writes'>[]): Map<string, Json[]> {
  const gathered = new Map<string, Json[]>();
  for (const { writes } of steps)
    for (const [name, values] of Object.entries(writes)) {
      const before = gathered.get(name);
      if (before) for (const value of values) before.push(value);
      else gathered.set(name, [...values]);
    }
  return gathered;
}

/** What comes to the same in fewer writes: a list that 100,000 visits add to is copied once, not each time. */
function atOnce({ reducer = 'replace' }: ChannelDefinition, writes: Json[]): Json[] {
  if (reducer === 'replace') return writes.slice(-1);
  if (reducer !== 'append' && reducer !== 'union') return writes;
  return [writes.flatMap((write) => (Array.isArray(write) ? write : [write]))];
}
