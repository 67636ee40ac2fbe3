import {
  type Admission,
  type BreakerKey,
  type BreakerRecord,
  breakerTransitionsKey,
  type CallOutcome,
  type ChainLink,
  type Permit,
  redisKey,
  untouchedBreaker,
} from '@aumos/agf-domain';
import { type BreakerScripts } from './breaker.lua.js';
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

/** The breakers of all tenants, as Redis has them. Every method is one round trip; errors are Redis' own. */
export class RedisBreakers {
  readonly #runner: ScriptRunner;
  readonly #scripts: Record<keyof BreakerScripts, Script>;
  readonly #acquires = new Turn((tenantId, requests: AcquireRequest[]) => this.#acquire(tenantId, requests));
  readonly #reports = new Turn((tenantId, requests: ReportRequest[]) => this.#report(tenantId, requests));

  constructor(runner: ScriptRunner, scripts: BreakerScripts) {
    this.#runner = runner;
    this.#scripts = {
      acquire: script(scripts.acquire),
      report: script(scripts.report),
      read: script(scripts.read),
      list: script(scripts.list),
    };
  }

  /** @param chain distinct keys */
  acquire(tenantId: string, chain: ChainLink[], permitId: string, leaseMs: number): Promise<Admission> {
    return this.#acquires.ask(tenantId, { chain, permitId, leaseMs });
  }

  /** @param permit of at least one link */
  report(tenantId: string, permit: Permit, outcome: CallOutcome, jitter: number): Promise<void> {
    return this.#reports.ask(tenantId, { permit, outcome, jitter });
  }

  /** The named breakers; one never written is closed. @returns `now` in ms of Redis' clock */
  async read(tenantId: string, keys: BreakerKey[]): Promise<{ now: number; breakers: ReadBreaker[] }> {
    const names = keys.map((key) => redisKey(tenantId, 'breaker', key));
    const [now, ...values] = (await this.#runner.run(this.#scripts.read, names)) as (string | null)[];
    return { now: Number(now), breakers: keys.map((key, i) => ({ key, record: parse(values[i] ?? null) })) };
  }

  /** A page of the breakers that were ever written and are not forgotten; cursor '0' begins and ends. */
  async list(tenantId: string, cursor: string): Promise<{ cursor: string; now: number; breakers: ReadBreaker[] }> {
    const answer = await this.#runner.run(this.#scripts.list, [redisKey(tenantId, 'breaker', 'index')], cursor);
    const [next = '0', now, ...pairs] = answer as string[];
    const breakers: ReadBreaker[] = [];
    for (let i = 0; i < pairs.length; i += 2) {
      breakers.push({ key: pairs[i] as BreakerKey, record: parse(pairs[i + 1] ?? null) });
    }
    return { cursor: next, now: Number(now), breakers };
  }

  async #acquire(tenantId: string, requests: AcquireRequest[]): Promise<Admission[]> {
    const { keys, json } = acquireRequests(requests);
    const answer = await this.#runner.run(this.#scripts.acquire, names(tenantId, keys), json);
    return requests.map((request, i) => admission(request, answer === 1 ? 1 : ((answer as number[][])[i] as number[])));
  }

  async #report(tenantId: string, requests: ReportRequest[]): Promise<void[]> {
    const { keys, json } = reportRequests(requests);
    const failures = requests.some(({ outcome }) => outcome === 'failure') ? '1' : '0';
    await this.#runner.run(this.#scripts.report, names(tenantId, keys), json, failures);
    return [];
  }
}

function names(tenantId: string, keys: BreakerKey[]): string[] {
  const prefix = redisKey(tenantId, 'breaker', '');
  const all: string[] = keys.map((key) => prefix + key);
  all.push(breakerTransitionsKey(tenantId));
  return all;
}

const parse = (record: string | null): BreakerRecord =>
  record === null ? untouchedBreaker() : (JSON.parse(record) as BreakerRecord);
