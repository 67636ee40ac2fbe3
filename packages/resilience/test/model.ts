import {
  acquireChain,
  type Admission,
  type BreakerKey,
  type BreakerRecord,
  type BreakerTransition,
  type CallOutcome,
  type ChainLink,
  type ChainStep,
  type Permit,
  reportChain,
} from '@aumos/agf-domain';

/** The domain's rules over a Map, with what Redis adds: a permit's failure counts once. */
export class Model {
  readonly records = new Map<BreakerKey, BreakerRecord>();
  readonly transitions: BreakerTransition[] = [];
  readonly #reported = new Set<string>();
  constructor(private readonly tenantId: string) {}

  acquire(chain: ChainLink[], permit: { id: string; lease_ms: number }, now: number): Admission {
    const { admission, step } = acquireChain(this.records, chain, permit, now);
    this.#apply(step);
    return admission;
  }

  report(permit: Permit, outcome: CallOutcome, now: number, jitter: number): void {
    if (outcome === 'failure' && this.#reported.has(permit.id)) return;
    if (outcome === 'failure') this.#reported.add(permit.id);
    this.#apply(reportChain(this.records, permit, outcome, now, jitter));
  }

  #apply({ writes, changes }: ChainStep): void {
    for (const [key, record] of writes) this.records.set(key, record);
    for (const { at, ...change } of changes)
      this.transitions.push({
        ...change,
        counts: { failures: change.failure_count, calls: change.failure_count, slow: 0 },
        until: null,
        tenant_id: this.tenantId,
        at: new Date(at).toISOString(),
      });
  }
}
