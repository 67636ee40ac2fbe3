import { type Admission, type BreakerKey, type Permit, redisKey, type ReportedOutcome } from '@aumos/agf-domain';
import { type Order, orderJson } from '../../src/redis/orders.convert.js';
import { type AcquireRequest, acquireRequests, reportRequests } from '../../src/redis/requests.convert.js';
import { type Command, type Ended, KEYS } from './commands.js';
import { Laws } from './laws.js';
import { Model } from './model.js';

/** A command as Redis gets it, by the script's name; `del` names keys to be removed. */
export interface Sent {
  script: 'acquire' | 'report' | 'order' | 'beginLoading' | 'endLoading' | 'del';
  at: number;
  keys: string[];
  args: string[];
}
type Expected =
  | { kind: 'admissions'; requests: AcquireRequest[]; admissions: Admission[] | null }
  | { kind: 'answer'; answer: unknown };

export const BEGAN = 1_795_000_000_000;

/** What the model makes of a sequence, and the same sequence as it is sent to Redis. Holds the model to the laws. */
export class Play {
  readonly sent: Sent[] = [];
  readonly expected: Expected[] = [];
  readonly permits: string[] = [];
  readonly model: Model;
  readonly #laws = new Laws();
  readonly #held: Permit[] = [];
  readonly #prefix: string;
  readonly #stream: string;
  #now = BEGAN;
  #told = 0;
  #token = 'none';

  /** @param asks whether acquires ask if the isolations are loaded */
  constructor(
    tenantId: string,
    private readonly asks: boolean,
  ) {
    this.model = new Model(tenantId);
    this.#prefix = redisKey(tenantId, 'breaker', '');
    this.#stream = `${this.#prefix}transitions`;
  }

  run(command: Command): void {
    switch (command.do) {
      case 'wait':
        this.#now += command.ms;
        break;
      case 'forget':
        this.model.records.delete(command.key);
        this.#laws.forgotten(command.key);
        this.#send('del', [this.#prefix + command.key], [], 0);
        break;
      case 'flush':
        this.#flush();
        break;
      case 'reread':
        this.#reread();
        break;
      case 'acquire':
        this.#acquire(command);
        break;
      case 'report':
        this.#report(command.reported.map((one) => [this.#held.at(-1 - one.which), one]));
        break;
      case 'begin':
        this.#begin();
        break;
      case 'load':
        this.#reread();
        this.#begin();
        this.#end(new Map(command.isolations.map(([key, ms]) => [key, this.#in(ms)])));
        break;
      case 'end':
        this.#end(new Map(command.isolations.map(([key, ms]) => [key, this.#in(ms)])));
        break;
      case 'isolate':
        this.#order({ key: command.key, do: 'isolate', until: this.#in(command.for_ms) });
        break;
      case 'release':
        this.#order({ key: command.key, do: 'release' });
        break;
      case 'restore': {
        const { key, failure_count } = command;
        const [epoch, since, until] = [command.epoch, command.since, command.until].map((ms) => this.#now + ms);
        this.#order({ key, do: 'restore', lost: { epoch: epoch!, since: since!, until: until!, failure_count } });
      }
    }
    this.#tell();
  }

  #acquire({ asked, at_once }: Extract<Command, { do: 'acquire' }>): void {
    const requests = asked.map(({ chain, lease_ms }): AcquireRequest => {
      const permitId = `p${String(this.permits.length)}`;
      this.permits.push(permitId);
      return { chain, permitId, leaseMs: lease_ms };
    });
    const { keys, json } = acquireRequests(requests);
    const named = [...this.#names(keys), ...(this.asks ? [`${this.#prefix}isolations`] : []), this.#stream];
    const loaded = !this.asks || this.model.loaded;
    const admissions = loaded ? requests.map((request) => this.#admit(request)) : null;
    this.expected.push({ kind: 'admissions', requests, admissions });
    this.sent.push({ script: 'acquire', at: this.#now, keys: named, args: [json, this.asks ? '1' : '0'] });
    if (at_once) this.#report((admissions ?? []).map((one) => [one.admitted ? one.permit : undefined, at_once]));
  }

  #admit({ chain, permitId, leaseMs }: AcquireRequest): Admission {
    const permit = { id: permitId, lease_ms: leaseMs };
    const admission = this.model.acquire(chain, permit, this.#now);
    this.#tell();
    this.#laws.asked(chain, admission, permit, this.#now);
    if (admission.admitted) this.#held.push(admission.permit);
    return admission;
  }

  #report(reported: [Permit | undefined, Ended][]): void {
    const requests = reported.flatMap(([permit, { outcomes, took_ms, jitter }]) => {
      if (!permit || permit.links.length === 0) return [];
      const outcome: ReportedOutcome = (key) => outcomes[KEYS.indexOf(key)] ?? 'ignored';
      return [{ permit, outcome, tookMs: took_ms, jitter }];
    });
    if (requests.length === 0) return;
    const { keys, json, once } = reportRequests(requests);
    this.#send('report', [...this.#names(keys), this.#stream], [json, once ? '1' : '0'], 1);
    for (const { permit, outcome, tookMs, jitter } of requests) {
      this.model.report(permit, { outcome, took_ms: tookMs }, this.#now, jitter);
      this.#tell();
      this.#laws.reported(permit.id);
    }
  }

  #order(order: Order): void {
    const token = `t${String(this.sent.length)}`;
    const changed = this.model.order(order, token, this.#now);
    this.#send('order', [this.#prefix + order.key, this.#stream], [orderJson([order]), token], changed ? 1 : 0);
  }

  #reread(): void {
    this.model.reread();
    this.#send('del', [`${this.#prefix}isolations`], [], 0);
  }

  #begin(): void {
    const token = `t${String(this.sent.length)}`;
    this.#token = this.model.begin(token);
    this.#send('beginLoading', [`${this.#prefix}isolations`], [token], this.#token);
  }

  #end(isolations: Map<BreakerKey, number | null>): void {
    const ended = this.model.end(this.#token, isolations, this.#now);
    const ends = JSON.stringify([...isolations.values()].map((until) => until ?? 0));
    this.#send(
      'endLoading',
      [...this.#names([...isolations.keys()]), this.#stream],
      [ends, this.#token],
      ended ? 1 : 0,
    );
  }

  #flush(): void {
    this.model.flush();
    for (const key of KEYS) this.#laws.forgotten(key);
    const others = ['index', 'isolated', 'isolations', ...this.permits.map((id) => `reported:${id}`)];
    this.#send('del', [...this.#names(KEYS), ...others.map((name) => this.#prefix + name)], [], 0);
  }

  #send(script: Sent['script'], keys: string[], args: string[], answer: unknown): void {
    this.sent.push({ script, at: this.#now, keys, args });
    this.expected.push({ kind: 'answer', answer });
  }

  #tell(): void {
    for (; this.#told < this.model.transitions.length; this.#told++)
      this.#laws.told(this.model.transitions[this.#told]!);
  }

  #names(keys: readonly BreakerKey[]): string[] {
    return keys.map((key) => this.#prefix + key);
  }

  #in(ms: number | null): number | null {
    return ms === null ? null : this.#now + ms;
  }
}
