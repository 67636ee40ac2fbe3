import { randomUUID } from 'node:crypto';
import { type BreakerIsolation, type BreakerKey } from '@aumos/agf-domain';
import { type RedisBreakers } from './redis/redis-breakers.js';
import { within } from './redis/within.js';

export type LoadIsolations = (tenantId: string) => Promise<readonly BreakerIsolation[]>;
/** By key: until, ms, or null */
export type IsolatedUntil = ReadonlyMap<BreakerKey, number | null>;

/** PostgreSQL answers in so many ms, or it does not. */
const ANSWER_WITHIN_MS = 2_000;
/** How long what was read is good enough for breakers of this process alone. */
const FRESH_MS = 5_000;
/** Orders may come between reading and writing; not for ever. */
const ROUNDS = 5;
const MAX_TENANTS = 1_000;

/** Brings a tenant's isolations from where they are kept to where calls are decided. */
export class Isolations {
  readonly #loading = new Map<string, Promise<boolean>>();
  readonly #known = new Map<string, { read: Promise<IsolatedUntil>; at: number }>();

  constructor(
    private readonly load: LoadIsolations,
    private readonly breakers: RedisBreakers,
    private readonly now: () => number,
  ) {}

  /** Into Redis, which answers. @returns false when they cannot be had now */
  intoRedis(tenantId: string): Promise<boolean> {
    const already = this.#loading.get(tenantId);
    if (already) return already;
    const loading = this.#intoRedis(tenantId)
      .catch(() => false)
      .finally(() => this.#loading.delete(tenantId));
    this.#loading.set(tenantId, loading);
    return loading;
  }

  /** As they were at most five seconds ago; while they cannot be read, as they were last. */
  async known(tenantId: string): Promise<IsolatedUntil> {
    const last = this.#known.get(tenantId);
    if (last && this.now() - last.at < FRESH_MS) return last.read;
    const read = this.#read(tenantId).catch(() => last?.read ?? new Map<BreakerKey, number | null>());
    this.#known.delete(tenantId);
    this.#known.set(tenantId, { read, at: this.now() });
    if (this.#known.size > MAX_TENANTS) this.#known.delete(this.#known.keys().next().value as string);
    return read;
  }

  async #intoRedis(tenantId: string): Promise<boolean> {
    for (let round = 0; round < ROUNDS; round++) {
      const token = await within(ANSWER_WITHIN_MS, this.breakers.beginLoading(tenantId, randomUUID()));
      if (token === null) return true;
      const isolations = await this.#read(tenantId);
      if (await within(ANSWER_WITHIN_MS, this.breakers.endLoading(tenantId, token, isolations))) return true;
    }
    return false;
  }

  async #read(tenantId: string): Promise<IsolatedUntil> {
    const isolations = await within(ANSWER_WITHIN_MS, this.load(tenantId));
    return new Map(isolations.map((isolation) => [isolation.key, untilOf(isolation)]));
  }
}

/** @throws RangeError when it is no time */
export function untilOf({ until }: Pick<BreakerIsolation, 'until'>): number | null {
  if (until === null) return null;
  const ms = Date.parse(until);
  if (Number.isNaN(ms)) throw new RangeError(`an isolation ends at no time: ${until}`);
  return ms;
}
