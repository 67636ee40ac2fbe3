import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BreakerKey, DEFAULT_BREAKER_CONFIG } from '@aumos/agf-domain';
import { ISOLATED, LEFT_OPEN, type Plan, planOf } from '../plan.js';
import type { Surroundings } from '../surroundings/surroundings.js';
import { Caller } from './caller.js';
import { chanceOf } from './chance.js';
import { inflict } from './inflict.js';
import { Operator } from './operator.js';
import { PatientCaller } from './patient-caller.js';
import type { Told, ToldCall } from './told.js';

/** So many calls need the isolated tool, too. */
const OF_ISOLATED = 0.2;

/** A uuid of these words, the same each time. */
function idOf(...words: string[]): string {
  const hex = createHash('sha256').update(words.join(' ')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export interface SeedRun {
  plan: Plan;
  tenant: string;
  told: Told;
}

/** Drives what the seed says: load and faults at once. @returns once everything is up again and nobody calls any more */
export async function runSeed(around: Surroundings, seed: number): Promise<SeedRun> {
  const tenant = idOf('tenant', String(seed));
  const plan = planOf(seed, (kind): BreakerKey => `${kind}:${idOf(kind, String(seed))}`);
  const operator = new Operator(around, tenant);
  const isolated = await operator.isolate();
  const begun = Date.now();
  const waited = (at: number): Promise<void> => sleep(Math.max(0, begun + at * plan.load_ms - Date.now()));
  const isIll = (key: BreakerKey): boolean => {
    const now = (Date.now() - begun) / plan.load_ms;
    return plan.illnesses.some(({ of, from, to }) => of === key && from <= now && now < to);
  };
  const isOver = (): boolean => Date.now() > begun + plan.load_ms;
  const isolations = (of: string): ReturnType<Surroundings['isolations']> => around.isolations(of);
  const patient = new PatientCaller(around.redis.url, tenant);
  const callerOf = (chance: number): Caller => new Caller(around.redis.url, tenant, { isolations }, chanceOf(chance));
  const callers = Array.from({ length: plan.callers }, (_, i) => callerOf(seed + i));
  try {
    const [calls, left, counted, flushes, until] = await Promise.all([
      Promise.all(callers.map((caller, i) => load(caller, plan, { isIll, isOver, chance: chanceOf(~seed - i) }))),
      waited(plan.leaves_open).then(() => callers[0]!.call([LEFT_OPEN], true)),
      Promise.all(plan.bursts.map((at) => waited(at).then(() => patient.burst()))),
      inflict(around, plan.faults, waited),
      plan.release === null ? null : waited(plan.release).then(() => operator.release(isolated)),
    ]);
    const told = {
      calls: [...calls.flat(), left],
      counted: counted.flat(),
      flushes,
      isolated: until ?? { begun: isolated, ended: Infinity },
    };
    await announce(callerOf(seed - 1));
    return { plan, tenant, told };
  } finally {
    patient.close();
    for (const caller of callers) caller.close();
  }
}

/**
 * Elsewhere calls go on, and guards announce their tenant every minute: a flush before any monitor has heard of it delays
 * its history until then. Here another process calls.
 */
async function announce(caller: Caller): Promise<void> {
  await caller.call([{ key: 'tool:healthy', config: DEFAULT_BREAKER_CONFIG }], false);
  caller.close();
}

interface Moment {
  isIll: (key: BreakerKey) => boolean;
  isOver: () => boolean;
  chance: () => number;
}

/** Calls of chains of one to three breakers until the time is over. */
async function load(caller: Caller, plan: Plan, { isIll, isOver, chance }: Moment): Promise<ToldCall[]> {
  const calls: ToldCall[] = [];
  const lane = async (): Promise<void> => {
    while (!isOver()) {
      const own = plan.breakers.slice(Math.floor(chance() * plan.breakers.length));
      const chain = chance() < OF_ISOLATED ? [...own, { ...own[0]!, key: ISOLATED }] : own;
      calls.push(
        await caller.call(
          chain,
          chain.some(({ key }) => isIll(key)),
        ),
      );
      await sleep(chance() * 5);
    }
  };
  await Promise.all(Array.from({ length: plan.lanes }, lane));
  return calls;
}
