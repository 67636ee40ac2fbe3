import { randomUUID } from 'node:crypto';
import { BREAKER_TENANTS } from '@aumos/agf-domain';
import { WatchedBreakersRepository } from '@aumos/agf-persistence';
import { findStreams } from '@aumos/agf-resilience';
import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
/** A Redis that does not have what was written here has lost more: guards may have announced tenants anew since. */
const WATCHED = 'agf:breaker:watched';
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
  private token: string | null = null;

  constructor(
    private readonly redis: Redis,
    private readonly watched: WatchedBreakersRepository,
  ) {}

  /** @returns all of them, and those of whom Redis has forgotten since: it was flushed, or lost what was written last */
  async announced(): Promise<{ tenants: string[]; forgotten: string[] }> {
    const isAnother = await this.isAnother();
    const announced = new Set((await this.redis.smembers(BREAKER_TENANTS)).filter((id) => UUID.test(id)));
    const unannounced = [...this.known].filter((id) => !announced.has(id));
    const forgotten = isAnother ? [...this.known] : unannounced;
    for (const id of announced) this.known.add(id);
    if (unannounced.length > 0) await this.redis.sadd(BREAKER_TENANTS, ...unannounced);
    return { tenants: [...this.known], forgotten };
  }

  /** Whether Redis is not the one of the last look any more, by what monitors have written there. */
  private async isAnother(): Promise<boolean> {
    await this.redis.set(WATCHED, randomUUID(), 'NX');
    const before = this.token;
    this.token = await this.redis.get(WATCHED);
    return before !== null && this.token !== before;
  }

  /** Learns from PostgreSQL, too, and now and then from every key that Redis has. */
  async learn(): Promise<void> {
    for (const id of await this.watched.tenants()) this.known.add(id);
    if (Date.now() < this.searchAt) return;
    for (const id of await findStreams(this.redis)) if (UUID.test(id)) this.known.add(id);
    this.searchAt = Date.now() + SEARCH_EVERY_MS;
  }
}
