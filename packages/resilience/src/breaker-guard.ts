import { randomUUID } from 'node:crypto';
import {
  type Admission,
  BREAKER_TENANTS,
  type BreakerKey,
  type CallOutcome,
  type ChainLink,
  distinctLinks,
  type Permit,
  type PrivilegeLevel,
} from '@aumos/agf-domain';
import { breakerView, type BreakerView } from './breaker-view.js';
import { LocalBreakers } from './local/local-breakers.js';
import { GuardMetrics } from './metrics.js';
import { breakerScripts, REDIS_CLOCK } from './redis/breaker.lua.js';
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

/**
 * What every call of an agent, tool or workflow goes through. One Redis call asks the whole chain for a permit, one
 * reports what became of it. While Redis is away, calls below level 3 go on under breakers in this process and say so
 * (`degraded`, `health()`, metrics); calls of level 3 and above are refused.
 */
export class BreakerGuard {
  readonly #redis: RedisCommands;
  readonly #breakers: RedisBreakers;
  readonly #local: LocalBreakers;
  readonly #watch: StoreWatch;
  readonly #metrics = new GuardMetrics();
  readonly #announced = new Map<string, number>();
  readonly #patience: { low: number; high: number };
  readonly #now: () => number;

  constructor(redis: RedisCommands, options: GuardOptions = {}) {
    this.#redis = redis;
    this.#now = options.now ?? Date.now;
    this.#patience = { low: options.commandTimeoutMs ?? 250, high: options.failClosedTimeoutMs ?? 1000 };
    this.#breakers = options.breakers ?? new RedisBreakers(new ScriptRunner(redis), breakerScripts(REDIS_CLOCK));
    this.#local = new LocalBreakers(this.#now);
    this.#watch = new StoreWatch(options.retryRedisMs ?? 1000, this.#now);
  }

  /** Asks every breaker of the chain at once; a refusal is a result, never an exception. */
  async acquire(tenantId: string, chain: readonly ChainLink[], call: GuardedCall): Promise<Admission> {
    const admission = await this.#acquire(tenantId, distinctLinks(chain), call);
    this.#metrics.asked(admission);
    return admission;
  }

  /** Hands a permit back. Never throws: a report that does not reach Redis is counted as lost, its lease ends by itself. */
  async report(tenantId: string, permit: Permit, outcome: CallOutcome): Promise<void> {
    if (permit.links.length === 0) return;
    const jitter = Math.random();
    if (LocalBreakers.issued(permit)) return this.#local.report(tenantId, permit, outcome, jitter);
    const told = await this.#unlessAway(() => this.#breakers.report(tenantId, permit, outcome, jitter));
    if (told) return;
    this.#metrics.lostReport();
    this.#local.report(tenantId, permit, outcome, jitter);
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
    try {
      const value = await fn();
      await this.report(tenantId, admission.permit, 'success');
      return { kind: 'done', value, degraded: admission.degraded ?? false };
    } catch (error) {
      await this.report(tenantId, admission.permit, call.outcomeOf?.(error) ?? 'failure');
      throw error;
    }
  }

  /** @throws when Redis is away: what is not known is not shown */
  async state(tenantId: string, key: BreakerKey): Promise<BreakerView> {
    const [view] = await this.states(tenantId, [key]);
    return view as BreakerView;
  }

  /** The named breakers, or all that were ever written and are not forgotten. @throws when Redis is away */
  async states(tenantId: string, keys?: readonly BreakerKey[]): Promise<BreakerView[]> {
    if (keys) {
      if (keys.length === 0) return [];
      const { now, breakers } = await within(this.#patience.high, this.#breakers.read(tenantId, [...keys]));
      return breakers.map(({ key, record }) => breakerView(key, record, now));
    }
    const views = new Map<BreakerKey, BreakerView>();
    let cursor = '0';
    do {
      const page = await within(this.#patience.high, this.#breakers.list(tenantId, cursor));
      for (const { key, record } of page.breakers) views.set(key, breakerView(key, record, page.now));
      cursor = page.cursor;
    } while (cursor !== '0');
    return [...views.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** What `/ready` and metrics tell of this process. */
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
    const ask = (): Promise<Admission> => this.#breakers.acquire(tenantId, chain, id, lease_ms);
    if (level < FAIL_CLOSED_LEVEL) {
      const told = await this.#unlessAway(ask);
      return told?.value ?? this.#local.acquire(tenantId, chain, id, lease_ms);
    }
    const told = await this.#within(this.#patience.high, ask);
    const retry_after_ms = this.#watch.retryMs;
    return told?.value ?? { admitted: false, key: first.key, state: 'open', retry_after_ms, degraded: true };
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
