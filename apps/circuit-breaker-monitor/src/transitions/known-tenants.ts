import { BREAKER_TENANTS } from '@aumos/agf-domain';
import { WatchedBreakersRepository } from '@aumos/agf-persistence';
import { findStreams } from '@aumos/agf-resilience';
import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
/** A search looks at every key. */
const SEARCH_EVERY_MS = 60_000;

/**
 * Tenants whose breakers are looked after: those that guards have announced to Redis, and those of which PostgreSQL knows
 * something that is not closed. Who was announced once stays known to this process, whatever Redis forgets.
 */
@Injectable()
export class KnownTenants {
  private readonly known = new Set<string>();
  private searchAt = 0;

  constructor(
    private readonly redis: Redis,
    private readonly watched: WatchedBreakersRepository,
  ) {}

  /** @returns all of them, and those of whom Redis has forgotten since: it was flushed, or lost what was written last */
  async announced(): Promise<{ tenants: string[]; forgotten: string[] }> {
    const announced = new Set((await this.redis.smembers(BREAKER_TENANTS)).filter((id) => UUID.test(id)));
    const forgotten = [...this.known].filter((id) => !announced.has(id));
    for (const id of announced) this.known.add(id);
    if (forgotten.length > 0) await this.redis.sadd(BREAKER_TENANTS, ...forgotten);
    return { tenants: [...this.known], forgotten };
  }

  /** Learns from PostgreSQL, too, and now and then from every key that Redis has. */
  async learn(): Promise<void> {
    for (const id of await this.watched.tenants()) this.known.add(id);
    if (Date.now() < this.searchAt) return;
    for (const id of await findStreams(this.redis)) if (UUID.test(id)) this.known.add(id);
    this.searchAt = Date.now() + SEARCH_EVERY_MS;
  }
}
