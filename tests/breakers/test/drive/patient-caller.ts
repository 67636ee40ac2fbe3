import { BreakerGuard } from '@aumos/agf-resilience';
import { Redis } from 'ioredis';
import { COUNTED } from '../plan.js';
import { clock, type Span } from './told.js';

const AT_ONCE = 50;
/** Longer than any fault lasts: what it reports is acknowledged, sooner or later. */
const PATIENCE_MS = 60_000;
const CONFIG = { failure_threshold: 1e6, window_seconds: 3_600, reset_timeout_seconds: 60, half_open_max_calls: 1 };

/** Reports failures that must all be counted, each once, whatever becomes of connections meanwhile. */
export class PatientCaller {
  private readonly redis: Redis;
  private readonly guard: BreakerGuard;

  constructor(
    url: string,
    private readonly tenant: string,
  ) {
    this.redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
    this.redis.on('error', () => undefined);
    this.guard = new BreakerGuard(this.redis, { commandTimeoutMs: PATIENCE_MS, failClosedTimeoutMs: PATIENCE_MS });
  }

  /** 50 calls fail at once. @returns when each report was sent and acknowledged */
  async burst(): Promise<Span[]> {
    return Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        const chain = [{ key: COUNTED, mode: 'count', config: CONFIG } as const];
        const admission = await this.guard.acquire(this.tenant, chain, { level: 3 });
        if (!admission.admitted || admission.degraded) throw new Error('a breaker that never opens refused');
        const begun = clock();
        await this.guard.report(this.tenant, admission.permit, 'failure');
        return { begun, ended: clock() };
      }),
    );
  }

  close(): void {
    this.redis.disconnect();
  }
}
