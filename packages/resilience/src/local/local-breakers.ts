import {
  acquireChain,
  type Admission,
  type BreakerKey,
  type BreakerRecord,
  type BreakerStep,
  type ChainLink,
  countsOnce,
  isIsolated,
  isolateBreaker,
  type Permit,
  releaseBreaker,
  reportChain,
  type ReportedOutcome,
  untouchedBreaker,
} from '@aumos/agf-domain';
import { Reported } from './reported.js';

const PREFIX = 'process-';
/** Tenants whose records are kept; the one not used for longest is forgotten first. */
const MAX_TENANTS = 1000;

/** The same rules in this process alone, for while Redis is away: they see only this process' calls. */
export class LocalBreakers {
  readonly #tenants = new Map<string, Map<BreakerKey, BreakerRecord>>();
  readonly #reported: Reported;

  constructor(private readonly now: () => number) {
    this.#reported = new Reported(now);
  }

  /** Whether a permit was handed out here (or by another process that had lost Redis). */
  static issued(permit: Permit): boolean {
    return permit.id.startsWith(PREFIX);
  }

  acquire(tenantId: string, chain: ChainLink[], permitId: string, leaseMs: number): Admission {
    const records = this.#records(tenantId);
    const permit = { id: PREFIX + permitId, lease_ms: leaseMs };
    const { admission, step } = acquireChain(records, chain, permit, this.now());
    for (const [key, record] of step.writes) records.set(key, record);
    return { ...admission, degraded: true };
  }

  report(
    tenantId: string,
    permit: Permit,
    { outcome, tookMs }: { outcome: ReportedOutcome; tookMs: number | undefined },
    jitter: number,
  ): void {
    if (countsOnce(permit, outcome) && !this.#reported.first(permit.id)) return;
    const records = this.#records(tenantId);
    const { writes } = reportChain(records, permit, { outcome, took_ms: tookMs }, this.now(), jitter);
    for (const [key, record] of writes) records.set(key, record);
  }

  /** @param isolations all of the tenant's, by key: until, ms, or null. Others that are isolated here are released */
  follow(tenantId: string, isolations: ReadonlyMap<BreakerKey, number | null>): void {
    const records = this.#records(tenantId);
    const now = this.now();
    const apply = (key: BreakerKey, { next }: BreakerStep): unknown => records.set(key, next);
    for (const [key, until] of isolations)
      apply(key, isolateBreaker(records.get(key) ?? untouchedBreaker(), until, now));
    for (const [key, record] of records)
      if (!isolations.has(key) && isIsolated(record, now)) apply(key, releaseBreaker(record, now));
  }

  #records(tenantId: string): Map<BreakerKey, BreakerRecord> {
    const records = this.#tenants.get(tenantId) ?? new Map<BreakerKey, BreakerRecord>();
    this.#tenants.delete(tenantId);
    this.#tenants.set(tenantId, records);
    if (this.#tenants.size > MAX_TENANTS) this.#tenants.delete(this.#tenants.keys().next().value as string);
    return records;
  }
}
