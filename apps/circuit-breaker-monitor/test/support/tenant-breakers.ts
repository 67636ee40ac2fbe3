import { randomUUID } from 'node:crypto';
import { BREAKER_TENANTS, type BreakerConfig, type BreakerKey, type ChainLink } from '@aumos/agf-domain';
import { BreakersRepository, type BreakerTransitionEntity, TenantDb } from '@aumos/agf-persistence';
import { BreakerGuard } from '@aumos/agf-resilience';
import { Redis } from 'ioredis';
import type { ListeningMonitor } from './listening-monitor.js';

const CONFIG: BreakerConfig = {
  failure_threshold: 1,
  window_seconds: 60,
  reset_timeout_seconds: 60,
  half_open_max_calls: 1,
};

/** A tenant of a test's own, its breakers in Redis and what a monitor's database knows of them. */
export class TenantBreakers {
  constructor(
    private readonly monitor: ListeningMonitor,
    readonly id: string = randomUUID(),
  ) {}

  /** The same tenant, as another monitor's database knows it. */
  of(monitor: ListeningMonitor): TenantBreakers {
    return new TenantBreakers(monitor, this.id);
  }

  get guard(): BreakerGuard {
    return this.monitor.app.get(BreakerGuard);
  }

  private get redis(): Redis {
    return this.monitor.app.get(Redis);
  }

  chain(key: BreakerKey, config: Partial<BreakerConfig> = {}): ChainLink[] {
    return [{ key, mode: 'count', config: { ...CONFIG, ...config } }];
  }

  /** One call of it. @returns whether it passed */
  async call(key: BreakerKey, outcome: 'success' | 'failure', config: Partial<BreakerConfig> = {}): Promise<boolean> {
    const admission = await this.guard.acquire(this.id, this.chain(key, config), { level: 3 });
    if (admission.admitted) await this.guard.report(this.id, admission.permit, outcome);
    return admission.admitted;
  }

  /** By a failure. @param seconds that it stays open */
  async open(key: BreakerKey, seconds = 60): Promise<void> {
    if (!(await this.call(key, 'failure', { reset_timeout_seconds: seconds }))) throw new Error('it was open before');
  }

  /** What a flush does to a tenant: nothing of it is left. */
  async flush(): Promise<void> {
    await this.redis.srem(BREAKER_TENANTS, this.id);
    for await (const keys of this.redis.scanStream({ match: `{agf:${this.id}}:*`, count: 1000 }))
      if ((keys as string[]).length > 0) await this.redis.del(...(keys as string[]));
  }

  /** Oldest first. */
  async rows(): Promise<BreakerTransitionEntity[]> {
    const { app } = this.monitor;
    return app.get(TenantDb).run(this.id, () => app.get(BreakersRepository).historyAfter(0, 1_000));
  }

  /** Oldest first: from, to, why. */
  async history(): Promise<string[]> {
    return (await this.rows()).map(({ from_state, to_state, reason }) => `${from_state} ${to_state} ${reason}`);
  }

  /** Facts that were written for Kafka, in their order. */
  async events(): Promise<{ event_type: string; data: Record<string, unknown> }[]> {
    const events = 'select event_type, data from agf_outbox order by aggregate_id, version';
    return this.monitor.app.get(TenantDb).run(this.id, (em) => em.query(events));
  }
}
