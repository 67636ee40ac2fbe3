import {
  acquireChain,
  type Admission,
  type BreakerKey,
  type BreakerRecord,
  type CallOutcome,
  type ChainLink,
  type Permit,
  reportChain,
} from '@aumos/agf-domain';

const PREFIX = 'process-';
/** Tenants whose records are kept; the one not used for longest is forgotten first. */
const MAX_TENANTS = 1000;

/** The same rules in this process alone, for while Redis is away: they see only this process' calls. */
export class LocalBreakers {
  readonly #tenants = new Map<string, Map<BreakerKey, BreakerRecord>>();

  constructor(private readonly now: () => number) {}

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

  report(tenantId: string, permit: Permit, outcome: CallOutcome, jitter: number): void {
    const records = this.#records(tenantId);
    const { writes } = reportChain(records, permit, outcome, this.now(), jitter);
    for (const [key, record] of writes) records.set(key, record);
  }

  #records(tenantId: string): Map<BreakerKey, BreakerRecord> {
    const records = this.#tenants.get(tenantId) ?? new Map<BreakerKey, BreakerRecord>();
    this.#tenants.delete(tenantId);
    this.#tenants.set(tenantId, records);
    if (this.#tenants.size > MAX_TENANTS) this.#tenants.delete(this.#tenants.keys().next().value as string);
    return records;
  }
}
