import {
  type Admission,
  type BreakerConfig,
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
import { type Script, script } from './script.js';
import { type ScriptRunner } from './script-runner.js';

export interface ReadBreaker {
  key: BreakerKey;
  record: BreakerRecord;
}

/** The breakers of all tenants, as Redis has them. Every method is one round trip; errors are Redis' own. */
export class RedisBreakers {
  readonly #runner: ScriptRunner;
  readonly #scripts: Record<keyof BreakerScripts, Script>;

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
  async acquire(tenantId: string, chain: ChainLink[], permitId: string, leaseMs: number): Promise<Admission> {
    const links = `[${chain.map(({ mode, config }) => `["${mode}",${limits(config)}]`).join()}]`;
    const keys = keysOf(tenantId, chain);
    const answer = await this.#runner.run(this.#scripts.acquire, keys, String(leaseMs), permitId, links);
    return admission(answer as 1 | number[], chain, permitId);
  }

  async report(tenantId: string, permit: Permit, outcome: CallOutcome, jitter: number): Promise<void> {
    const links = `[${permit.links.map(({ config, epoch }) => `["count",${limits(config)},${String(epoch)}]`).join()}]`;
    const keys = keysOf(tenantId, permit.links);
    await this.#runner.run(this.#scripts.report, keys, outcome, permit.id, links, String(jitter));
  }

  /** The named breakers; one never written is closed. @returns `now` in ms of Redis' clock */
  async read(tenantId: string, keys: BreakerKey[]): Promise<{ now: number; breakers: ReadBreaker[] }> {
    const names = keys.map((key) => recordKey(tenantId, key));
    const [now, ...values] = (await this.#runner.run(this.#scripts.read, names)) as (string | null)[];
    return { now: Number(now), breakers: keys.map((key, i) => ({ key, record: parse(values[i] ?? null) })) };
  }

  /** A page of the breakers that were ever written and are not forgotten; cursor '0' begins and ends. */
  async list(tenantId: string, cursor: string): Promise<{ cursor: string; now: number; breakers: ReadBreaker[] }> {
    const answer = await this.#runner.run(this.#scripts.list, [redisKey(tenantId, 'breaker', 'index')], cursor);
    const [next = '0', now, ...pairs] = answer as string[];
    const breakers: ReadBreaker[] = [];
    for (let i = 0; i < pairs.length; i += 2)
      breakers.push({ key: pairs[i] as BreakerKey, record: parse(pairs[i + 1] ?? null) });
    return { cursor: next, now: Number(now), breakers };
  }
}

const recordKey = (tenantId: string, key: BreakerKey): string => redisKey(tenantId, 'breaker', key);

function keysOf(tenantId: string, links: { key: BreakerKey }[]): string[] {
  const prefix = redisKey(tenantId, 'breaker', '');
  const keys = links.map(({ key }) => prefix + key);
  keys.push(breakerTransitionsKey(tenantId));
  return keys;
}

/** JSON by hand: numbers only, and on the path of every call. */
const limits = (config: BreakerConfig): string =>
  `${String(config.failure_threshold)},${String(config.window_seconds * 1000)},${String(config.reset_timeout_seconds * 1000)},${String(config.half_open_max_calls)}`;

const parse = (record: string | null): BreakerRecord =>
  record === null ? untouchedBreaker() : (JSON.parse(record) as BreakerRecord);

function admission(answer: 1 | number[], chain: ChainLink[], permitId: string): Admission {
  const epochs = answer === 1 ? [] : answer.slice(1);
  if (answer !== 1 && answer[0] === 0) {
    const [link = 1, state, retry_after_ms = 0] = epochs;
    const key = (chain[link - 1] as ChainLink).key;
    return { admitted: false, key, state: state === 1 ? 'open' : 'half_open', retry_after_ms };
  }
  const links = chain.flatMap(({ key, mode, config }, i) =>
    mode === 'count' ? [{ key, epoch: epochs[i] ?? 0, config }] : [],
  );
  return { admitted: true, permit: { id: permitId, links } };
}
