import { randomUUID } from 'node:crypto';
import {
  type Admission,
  BREAKER_TENANTS,
  type BreakerIsolation,
  type BreakerKey,
  type CallOutcome,
  type ChainLink,
  distinctLinks,
  type Permit,
  type PrivilegeLevel,
  type ReportedOutcome,
} from '@aumos/agf-domain';
import { BreakerOrders, type RestoredBreaker } from './breaker-orders.js';
import { BreakerReader, type ListedBreakers } from './breaker-reader.js';
import { type BreakerView } from './breaker-view.js';
import { Isolations, type LoadIsolations } from './isolations.js';
import { LocalBreakers } from './local/local-breakers.js';
import { GuardMetrics } from './metrics.js';
import { type KeyRange } from './redis/key-range.js';
import { REDIS_CLOCK } from './redis/lua/clock.js';
import { breakerScripts } from './redis/lua/scripts.js';
import { RedisBreakers } from './redis/redis-breakers.js';
import { type RedisCommands } from './redis/script.js';
import { ScriptRunner } from './redis/script-runner.js';
import { StoreWatch } from './redis/store-watch.js';
import { within } from './redis/within.js';

export interface GuardOptions {
  /** a Redis that does not answer for so long is away: for calls that may go on without it (default 250) */
  commandTimeoutMs?: number;
  /** the same for calls that are refused without it: worth more patience (default 1000) */
  failClosedTimeoutMs?: number;
  /** how long calls then go round Redis before one tries it again (default 1000) */
  retryRedisMs?: number;
  /** a tenant's isolations, as PostgreSQL has them: what Redis lost is loaded before a call passes. Without: no one asks */
  isolations?: LoadIsolations;
  /** for tests: the clock of the in-process breaker, ms */
  now?: () => number;
  /** for tests: the scripts under another clock */
  breakers?: RedisBreakers;
}

export interface GuardedCall {
  /** the privilege level the call needs: from 3 on it is refused while Redis is away */
  level: PrivilegeLevel;
  /** how long a half-open breaker waits for this call's report before it gives the permit to another (default 60 000) */
  lease_ms?: number;
}

export interface GuardHealth {
  redis: 'answering' | 'away';
  /** RFC 3339 */
  away_since: string | null;
  last_error: string | null;
}

export type Guarded<T> =
  { kind: 'done'; value: T; degraded: boolean } | { kind: 'refused'; refusal: Extract<Admission, { admitted: false }> };

const DEFAULT_LEASE_MS = 60_000;
/** The tenant is announced again now and then, so that a flush does not hide its stream from the monitor. */
const ANNOUNCE_MS = 60_000;
/** Levels from here on fail closed. Source: the seed's levels, EXECUTE_RISKY. */
const FAIL_CLOSED_LEVEL = 3;
/** A flush may come right after the isolations were loaded; not for ever. */
const LOADS = 3;

/**
 * What every call of an agent, tool or workflow goes through. One Redis call asks the whole chain for a permit, one
 * reports what became of it. While Redis is away, calls below level 3 go on under breakers in this process and say so
 * (`degraded`, `health()`, metrics); calls of level 3 and above are refused.
 */
export class BreakerGuard {
  readonly #redis: RedisCommands;
  readonly #breakers: RedisBreakers;
  readonly #reader: BreakerReader;
  readonly #orders: BreakerOrders;
  readonly #isolations: Isolations | null;
  readonly #local: LocalBreakers;
  readonly #watch: StoreWatch;
  readonly #metrics = new GuardMetrics(() => this.#watch.awaySince !== null);
  readonly #announced = new Map<string, number>();
  readonly #patience: { low: number; high: number };
  readonly #now: () => number;

  constructor(redis: RedisCommands, options: GuardOptions = {}) {
    this.#redis = redis;
    this.#now = options.now ?? Date.now;
    this.#patience = { low: options.commandTimeoutMs ?? 250, high: options.failClosedTimeoutMs ?? 1000 };
    const { breakers, isolations } = options;
    this.#breakers =
      breakers ??
      new RedisBreakers(new ScriptRunner(redis), breakerScripts(REDIS_CLOCK), { isolations: isolations !== undefined });
    this.#reader = new BreakerReader(this.#breakers, this.#patience.high);
    this.#orders = new BreakerOrders(this.#breakers, this.#patience.high);
    this.#isolations = isolations ? new Isolations(isolations, this.#breakers, this.#now) : null;
    this.#local = new LocalBreakers(this.#now);
    this.#watch = new StoreWatch(options.retryRedisMs ?? 1000, this.#now);
  }

  /** Asks every breaker of the chain at once; a refusal is a result, never an exception. */
  async acquire(tenantId: string, chain: readonly ChainLink[], call: GuardedCall): Promise<Admission> {
    const admission = await this.#acquire(tenantId, distinctLinks(chain), call);
    this.#metrics.asked(admission);
    return admission;
  }

  /**
   * Hands a permit back. Never throws: a report that does not reach Redis is counted as lost, its lease ends by itself.
   * @param outcome of each link its own, where they differ in what they ignore
   * @param tookMs how long the call took; without it, it is not slow
   */
  async report(tenantId: string, permit: Permit, outcome: ReportedOutcome, tookMs?: number): Promise<void> {
    if (permit.links.length === 0) return;
    const jitter = Math.random();
    const call = { outcome, tookMs };
    if (LocalBreakers.issued(permit)) return this.#local.report(tenantId, permit, call, jitter);
    const told = await this.#unlessAway(() => this.#breakers.report(tenantId, permit, call, jitter));
    if (told) return;
    this.#metrics.lostReport();
    this.#local.report(tenantId, permit, call, jitter);
  }

  /** `fn` under a permit of the chain. Its error is rethrown; `outcomeOf` says how it counts (default: a failure). */
  async guard<T>(
    tenantId: string,
    chain: readonly ChainLink[],
    call: GuardedCall & { outcomeOf?: (error: unknown) => CallOutcome },
    fn: () => Promise<T>,
  ): Promise<Guarded<T>> {
    const admission = await this.acquire(tenantId, chain, call);
    if (!admission.admitted) return { kind: 'refused', refusal: admission };
    const began = this.#now();
    const took = (): number => this.#now() - began;
    try {
      const value = await fn();
      await this.report(tenantId, admission.permit, 'success', took());
      return { kind: 'done', value, degraded: admission.degraded ?? false };
    } catch (error) {
      await this.report(tenantId, admission.permit, call.outcomeOf?.(error) ?? 'failure', took());
      throw error;
    }
  }

  /**
   * Opens a breaker by an operator's order, written in PostgreSQL before. The same order again changes nothing.
   * @throws when Redis is away; RangeError when `until` is no time
   */
  isolate(tenantId: string, isolation: Pick<BreakerIsolation, 'key' | 'until'>): Promise<void> {
    return this.#orders.isolate(tenantId, isolation);
  }

  /** Closes a breaker that is not closed, written in PostgreSQL before. @throws when Redis is away */
  release(tenantId: string, key: BreakerKey): Promise<void> {
    return this.#orders.release(tenantId, key);
  }

  /**
   * Opens again what history knows as open and Redis lost; what Redis knows of is left as it is. @returns how many
   * @throws when Redis is away
   */
  restore(tenantId: string, breakers: readonly RestoredBreaker[]): Promise<number> {
    return this.#orders.restore(tenantId, breakers);
  }

  /** @throws when Redis is away: what is not known is not shown */
  async state(tenantId: string, key: BreakerKey): Promise<BreakerView> {
    const [view] = await this.states(tenantId, [key]);
    return view as BreakerView;
  }

  /** The named breakers, or all that were ever written and are not forgotten, by key. @throws when Redis is away */
  states(tenantId: string, keys?: readonly BreakerKey[]): Promise<BreakerView[]> {
    return keys ? this.#reader.named(tenantId, keys) : this.#reader.all(tenantId);
  }

  /** A page of them, by key. @param range.limit at most 1000 @throws when Redis is away */
  list(tenantId: string, range: KeyRange): Promise<ListedBreakers> {
    return this.#reader.page(tenantId, range);
  }

  /** Asks Redis, as a call would: where nobody has called for a while, nobody knows. Never throws, and waits for 250 ms at most. */
  async look(): Promise<GuardHealth> {
    await this.#unlessAway(() => this.#redis.ping());
    return this.health();
  }

  /** What the last call found. */
  health(): GuardHealth {
    const since = this.#watch.awaySince;
    return {
      redis: since === null ? 'answering' : 'away',
      away_since: since === null ? null : new Date(since).toISOString(),
      last_error: since === null ? null : this.#watch.lastError,
    };
  }

  async #acquire(
    tenantId: string,
    chain: ChainLink[],
    { level, lease_ms = DEFAULT_LEASE_MS }: GuardedCall,
  ): Promise<Admission> {
    const [first] = chain;
    const id = randomUUID();
    if (!first) return { admitted: true, permit: { id, links: [] } };
    this.#announce(tenantId);
    const ask = (): Promise<Admission | null> => this.#breakers.acquire(tenantId, chain, id, lease_ms);
    const low = level < FAIL_CLOSED_LEVEL;
    for (let load = 0; load < LOADS; load++) {
      const told = low ? await this.#unlessAway(ask) : await this.#within(this.#patience.high, ask);
      if (told?.value) return told.value;
      if (!told || !(await this.#isolations?.intoRedis(tenantId))) break;
    }
    if (low) return this.#decideHere(tenantId, chain, id, lease_ms);
    return { admitted: false, key: first.key, state: 'open', retry_after_ms: this.#watch.retryMs, degraded: true };
  }

  async #decideHere(tenantId: string, chain: ChainLink[], permitId: string, leaseMs: number): Promise<Admission> {
    if (this.#isolations) this.#local.follow(tenantId, await this.#isolations.known(tenantId));
    return this.#local.acquire(tenantId, chain, permitId, leaseMs);
  }

  /** null at once while Redis is away, but for the one call that tries it again. */
  #unlessAway<T>(command: () => Promise<T>): Promise<{ value: T } | null> {
    return this.#watch.mayAsk() ? this.#within(this.#patience.low, command) : Promise.resolve(null);
  }

  async #within<T>(ms: number, command: () => Promise<T>): Promise<{ value: T } | null> {
    try {
      const value = await within(ms, command());
      this.#watch.answered();
      return { value };
    } catch (error) {
      this.#watch.failed(error);
      return null;
    }
  }

  #announce(tenantId: string): void {
    const now = this.#now();
    if (now < (this.#announced.get(tenantId) ?? 0) || this.#watch.awaySince !== null) return;
    this.#announced.set(tenantId, now + ANNOUNCE_MS);
    this.#redis.sadd(BREAKER_TENANTS, tenantId).catch(() => this.#announced.delete(tenantId));
  }
}
