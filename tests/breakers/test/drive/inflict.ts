import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Fault } from '../plan.js';
import type { RedisServer } from '@aumos/agf-testing';
import type { MonitorProcess } from '../surroundings/monitor-process.js';
import type { Surroundings } from '../surroundings/surroundings.js';
import { clock, type Span } from './told.js';

/** Does to them what the plan says, when it says it. @returns when each flush was */
export async function inflict(
  around: Surroundings,
  faults: readonly Fault[],
  waited: (at: number) => Promise<void>,
): Promise<Span[]> {
  const flushes: Span[] = [];
  const inTurn = new Map<string, Promise<void>>();
  for (const fault of faults) {
    const target = fault.on === 'redis' ? fault.on : `monitor ${String(fault.which)}`;
    const before = inTurn.get(target) ?? Promise.resolve();
    // What is done to one thing is done in turn: it is well again before the next.
    const done = Promise.all([before, waited(fault.at)]).then(async () => {
      const flush = await inflictOne(around, fault);
      if (flush) flushes.push(flush);
    });
    inTurn.set(target, done);
  }
  await Promise.all(inTurn.values());
  return flushes;
}

/** @returns when it was, of a flush */
async function inflictOne(around: Surroundings, fault: Fault): Promise<Span | undefined> {
  if (fault.what === 'flush') return commanded(around, 'FLUSHALL');
  if ('ms' in fault) await harm(fault.on === 'redis' ? around.redis : around.monitors[fault.which]!, fault);
  else await commanded(around, 'SCRIPT', 'FLUSH');
  return undefined;
}

type Harm = Extract<Fault, { ms: number }>;

async function harm(target: RedisServer | MonitorProcess, { on, what, ms }: Harm): Promise<void> {
  if (what === 'stall') {
    target.stall();
    await sleep(ms);
    target.goOn();
    return;
  }
  await target.down(what === 'kill' ? 'SIGKILL' : 'SIGTERM');
  // A monitor takes longer to come up than a fault lasts.
  await sleep(on === 'redis' ? ms : 0);
  await target.up();
}

async function commanded(around: Surroundings, command: string, ...args: string[]): Promise<Span> {
  const redis = new Redis(around.redis.url, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  try {
    await redis.ping();
    const begun = clock();
    await redis.call(command, ...args);
    return { begun, ended: clock() };
  } finally {
    redis.disconnect();
  }
}
