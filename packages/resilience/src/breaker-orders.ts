import { randomUUID } from 'node:crypto';
import { type BreakerIsolation, type BreakerKey } from '@aumos/agf-domain';
import { untilOf } from './isolations.js';
import { type Order } from './redis/orders.convert.js';
import { type RedisBreakers } from './redis/redis-breakers.js';
import { within } from './redis/within.js';

/** An open breaker as history has it; one that is isolated is none of them: isolations are loaded. */
export interface RestoredBreaker {
  key: BreakerKey;
  /** its last one */
  epoch: number;
  /** RFC 3339 */
  since: string;
  /** RFC 3339: when it was to be probed */
  until: string;
  failure_count: number;
}

/** So many breakers in one command, so that one script never holds Redis up. */
const BATCH = 200;

/** What operators and history say of breakers. Every method throws when Redis does not answer. */
export class BreakerOrders {
  constructor(
    private readonly breakers: RedisBreakers,
    private readonly patienceMs: number,
  ) {}

  async isolate(tenantId: string, { key, until }: Pick<BreakerIsolation, 'key' | 'until'>): Promise<void> {
    await this.#order(tenantId, [{ key, do: 'isolate', until: untilOf({ until }) }]);
  }

  async release(tenantId: string, key: BreakerKey): Promise<void> {
    await this.#order(tenantId, [{ key, do: 'release' }]);
  }

  /** @returns how many were opened again */
  async restore(tenantId: string, breakers: readonly RestoredBreaker[]): Promise<number> {
    const orders = breakers.map(({ key, epoch, failure_count, ...times }): Order => {
      const [since, until] = [Date.parse(times.since), Date.parse(times.until)];
      if (Number.isNaN(since) || Number.isNaN(until)) throw new RangeError(`${key} was open at no time`);
      return { key, do: 'restore', lost: { epoch, since, until, failure_count } };
    });
    let restored = 0;
    for (let i = 0; i < orders.length; i += BATCH) restored += await this.#order(tenantId, orders.slice(i, i + BATCH));
    return restored;
  }

  #order(tenantId: string, orders: Order[]): Promise<number> {
    return within(this.patienceMs, this.breakers.order(tenantId, orders, randomUUID()));
  }
}
