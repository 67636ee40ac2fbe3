import {
  acquireChain,
  type Admission,
  type BreakerKey,
  type BreakerRecord,
  type BreakerStep,
  type BreakerTransition,
  type ChainLink,
  type ChainStep,
  countsOnce,
  isIsolated,
  isolateBreaker,
  type Permit,
  releaseBreaker,
  reportChain,
  type ReportedOutcome,
  restoreBreaker,
  untouchedBreaker,
} from '@aumos/agf-domain';
import { type Order } from '../../src/redis/orders.convert.js';

/** The domain's rules over a Map, with what Redis adds: a report counts once, isolations are loaded or not. */
export class Model {
  readonly records = new Map<BreakerKey, BreakerRecord>();
  readonly transitions: BreakerTransition[] = [];
  #reported = new Set<string>();
  #marker: string | null = null;
  constructor(private readonly tenantId: string) {}

  get loaded(): boolean {
    return this.#marker === 'loaded';
  }

  acquire(chain: ChainLink[], permit: { id: string; lease_ms: number }, now: number): Admission {
    const { admission, step } = acquireChain(this.records, chain, permit, now);
    this.#apply(step);
    return admission;
  }

  report(permit: Permit, call: { outcome: ReportedOutcome; took_ms?: number }, now: number, jitter: number): void {
    if (countsOnce(permit, call.outcome)) {
      if (this.#reported.has(permit.id)) return;
      this.#reported.add(permit.id);
    }
    this.#apply(reportChain(this.records, permit, call, now, jitter));
  }

  /** @returns whether it changed something */
  order(order: Order, token: string, now: number): boolean {
    if (order.do !== 'restore' && this.#marker !== null && !this.loaded) this.#marker = token;
    const record = this.#record(order.key);
    if (order.do === 'restore') return this.#step(order.key, restoreBreaker(record, order.lost, now));
    if (order.do === 'release') return this.#step(order.key, releaseBreaker(record, now));
    return this.#step(order.key, isolateBreaker(record, order.until, now));
  }

  begin(token: string): string {
    return (this.#marker ??= token);
  }

  end(token: string, isolations: ReadonlyMap<BreakerKey, number | null>, now: number): boolean {
    if (this.#marker !== token) return false;
    for (const [key, until] of isolations) this.#step(key, isolateBreaker(this.#record(key), until, now));
    for (const key of [...this.records.keys()].sort())
      if (!isolations.has(key) && isIsolated(this.#record(key), now))
        this.#step(key, releaseBreaker(this.#record(key), now));
    this.#marker = 'loaded';
    return true;
  }

  /** The marker expired: who asks next loads. */
  reread(): void {
    this.#marker = null;
  }

  flush(): void {
    this.records.clear();
    this.#reported = new Set();
    this.#marker = null;
  }

  #record(key: BreakerKey): BreakerRecord {
    return this.records.get(key) ?? untouchedBreaker();
  }

  #step(key: BreakerKey, { next, changes }: BreakerStep): boolean {
    if (changes.length === 0) return false;
    this.#apply({ writes: new Map([[key, next]]), changes: changes.map((change) => ({ ...change, key })) });
    return true;
  }

  #apply({ writes, changes }: ChainStep): void {
    for (const [key, record] of writes) this.records.set(key, record);
    for (const { at, until, ...change } of changes)
      this.transitions.push({
        ...change,
        failure_count: change.counts.failures,
        until: until === null ? null : new Date(until).toISOString(),
        tenant_id: this.tenantId,
        at: new Date(at).toISOString(),
      });
  }
}
