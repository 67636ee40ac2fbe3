import type { BreakerConfig, BreakerKey, CallOutcome } from '@aumos/agf-domain';
import { BreakerGuard, type GuardOptions } from '@aumos/agf-resilience';
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { lostReports } from './lost-reports.js';
import { clock, type ToldCall } from './told.js';

/** So many of a hundred calls crash: nobody reports them. */
const CRASHES = 3;
const IGNORED = 5;
const LEASE_MS = 300;
const LONGEST_MS = 25;

export interface Callee {
  key: BreakerKey;
  config: BreakerConfig;
}

/** An instance of a service that guards its calls: a connection and in-process breakers of its own. */
export class Caller {
  private readonly redis: Redis;
  private readonly guard: BreakerGuard;

  constructor(
    url: string,
    private readonly tenant: string,
    options: GuardOptions,
    private readonly chance: () => number,
  ) {
    // As `RedisModule` connects apps.
    this.redis = new Redis(url, {
      maxRetriesPerRequest: 1,
      connectTimeout: 2_000,
      retryStrategy: (times) => Math.min(times * 100, 2_000),
    });
    this.redis.on('error', () => undefined);
    this.guard = new BreakerGuard(this.redis, { ...options, retryRedisMs: 100 });
  }

  /** One call of a chain of these. @param ill whether its callee fails now */
  async call(chain: readonly Callee[], ill: boolean): Promise<ToldCall> {
    const level = this.chance() < 0.3 ? 3 : 2;
    const asked = clock();
    const links = chain.map(({ key, config }) => ({ key, config, mode: 'count' as const }));
    const admission = await this.guard.acquire(this.tenant, links, { level, lease_ms: LEASE_MS });
    const answered = clock();
    const told = { keys: chain.map(({ key }) => key), level, lease_ms: LEASE_MS, asked, answered, admission } as const;
    if (!admission.admitted) return { ...told, reported: null };
    await sleep(this.chance() * LONGEST_MS);
    const chance = this.chance() * 100;
    if (chance < CRASHES) return { ...told, reported: null };
    const outcome: CallOutcome = chance < CRASHES + IGNORED ? 'ignored' : ill ? 'failure' : 'success';
    const [begun, lost] = [clock(), lostReports()];
    await this.guard.report(this.tenant, admission.permit, outcome, begun - answered);
    return { ...told, reported: { outcome, begun, ended: clock(), sure: lostReports() === lost } };
  }

  close(): void {
    this.redis.disconnect();
  }
}
