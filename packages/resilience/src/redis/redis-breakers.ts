import {
  type Admission,
  type BreakerKey,
  type BreakerRecord,
  breakerTransitionsKey,
  type ChainLink,
  type Permit,
  redisKey,
  type ReportedOutcome,
  untouchedBreaker,
} from '@aumos/agf-domain';
import { type BreakerScripts } from './lua/scripts.js';
import { type KeyRange, lexBounds } from './key-range.js';
import { type Order, orderJson } from './orders.convert.js';
import {
  type AcquireRequest,
  acquireRequests,
  admission,
  type ReportRequest,
  reportRequests,
} from './requests.convert.js';
import { type Script, script } from './script.js';
import { type ScriptRunner } from './script-runner.js';
import { Turn } from './turn.js';

export interface ReadBreaker {
  key: BreakerKey;
  record: BreakerRecord;
}
/** @property next the last key that was looked at, null when there are no more */
export interface BreakersPage {
  now: number;
  breakers: ReadBreaker[];
  next: BreakerKey | null;
}

/** The breakers of all tenants, as Redis has them. Every method is one round trip; errors are Redis' own. */
export class RedisBreakers {
  readonly #runner: ScriptRunner;
  readonly #scripts: Record<keyof BreakerScripts, Script>;
  readonly #asksMarker: boolean;
  readonly #acquires = new Turn((tenantId, requests: AcquireRequest[]) => this.#acquire(tenantId, requests));
  readonly #reports = new Turn((tenantId, requests: ReportRequest[]) => this.#report(tenantId, requests));

  /** @param options.isolations whether an acquire asks if the tenant's isolations are loaded */
  constructor(runner: ScriptRunner, scripts: BreakerScripts, options: { isolations: boolean }) {
    this.#runner = runner;
    this.#asksMarker = options.isolations;
    this.#scripts = Object.fromEntries(
      Object.entries(scripts).map(([name, source]) => [name, script(source as string)]),
    ) as Record<keyof BreakerScripts, Script>;
  }

  /** @param chain distinct keys @returns null when the tenant's isolations have to be loaded first */
  acquire(tenantId: string, chain: ChainLink[], permitId: string, leaseMs: number): Promise<Admission | null> {
    return this.#acquires.ask(tenantId, { chain, permitId, leaseMs });
  }

  /** @param permit of at least one link @param tookMs undefined: not measured */
  report(
    tenantId: string,
    permit: Permit,
    { outcome, tookMs }: { outcome: ReportedOutcome; tookMs: number | undefined },
    jitter: number,
  ): Promise<void> {
    return this.#reports.ask(tenantId, { permit, outcome, tookMs, jitter });
  }

  /** @param token of this call's own @returns how many orders changed something */
  async order(tenantId: string, orders: readonly Order[], token: string): Promise<number> {
    const keys = names(
      tenantId,
      orders.map(({ key }) => key),
    );
    return (await this.#runner.run(this.#scripts.order, keys, orderJson(orders), token)) as number;
  }

  /** @returns the token to end with; null: the isolations are here @param token taken if nobody loads them already */
  async beginLoading(tenantId: string, token: string): Promise<string | null> {
    const marker = redisKey(tenantId, 'breaker', 'isolations');
    const answer = (await this.#runner.run(this.#scripts.beginLoading, [marker], token)) as string;
    return answer === 'loaded' ? null : answer;
  }

  /** @param isolations all of the tenant's, by key: until, ms, or null @returns false: what was read is late, read again */
  async endLoading(
    tenantId: string,
    token: string,
    isolations: ReadonlyMap<BreakerKey, number | null>,
  ): Promise<boolean> {
    const ends = JSON.stringify([...isolations.values()].map((until) => until ?? 0));
    return (
      (await this.#runner.run(this.#scripts.endLoading, names(tenantId, [...isolations.keys()]), ends, token)) === 1
    );
  }

  /** The named breakers; one never written is closed. @returns `now` in ms of Redis' clock */
  async read(tenantId: string, keys: BreakerKey[]): Promise<{ now: number; breakers: ReadBreaker[] }> {
    const records = keys.map((key) => redisKey(tenantId, 'breaker', key));
    const [now, ...values] = (await this.#runner.run(this.#scripts.read, records)) as (string | null)[];
    return { now: Number(now), breakers: keys.map((key, i) => ({ key, record: parse(values[i] ?? null) })) };
  }

  /** A page, in the order of keys, of the breakers that were ever written and are not forgotten. */
  async list(tenantId: string, range: KeyRange): Promise<BreakersPage> {
    const index = redisKey(tenantId, 'breaker', 'index');
    const answer = await this.#runner.run(this.#scripts.list, [index], ...lexBounds(range), String(range.limit));
    const [now, next, ...pairs] = answer as string[];
    const breakers: ReadBreaker[] = [];
    for (let i = 0; i < pairs.length; i += 2) {
      breakers.push({ key: pairs[i] as BreakerKey, record: parse(pairs[i + 1] ?? null) });
    }
    return { now: Number(now), breakers, next: next ? (next as BreakerKey) : null };
  }

  async #acquire(tenantId: string, requests: AcquireRequest[]): Promise<(Admission | null)[]> {
    const { keys, json } = acquireRequests(requests);
    const all = names(tenantId, keys, this.#asksMarker);
    const answer = await this.#runner.run(this.#scripts.acquire, all, json, this.#asksMarker ? '1' : '0');
    if (answer === 0) return requests.map(() => null);
    return requests.map((request, i) => admission(request, answer === 1 ? 1 : ((answer as number[][])[i] as number[])));
  }

  async #report(tenantId: string, requests: ReportRequest[]): Promise<void[]> {
    const { keys, json, once } = reportRequests(requests);
    await this.#runner.run(this.#scripts.report, names(tenantId, keys), json, once ? '1' : '0');
    return [];
  }
}

/** As the scripts take them: records, the marker if it is asked for, the stream. */
function names(tenantId: string, keys: readonly BreakerKey[], marker = false): string[] {
  const prefix = redisKey(tenantId, 'breaker', '');
  const all: string[] = keys.map((key) => prefix + key);
  if (marker) all.push(`${prefix}isolations`);
  all.push(breakerTransitionsKey(tenantId));
  return all;
}

const parse = (record: string | null): BreakerRecord =>
  record === null ? untouchedBreaker() : (JSON.parse(record) as BreakerRecord);
