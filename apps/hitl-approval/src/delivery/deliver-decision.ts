import { signalDecided, signalOutcome } from '@aumos/agf-engine/client';
import { ApprovalsRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { TemporalClient } from '../temporal/temporal-client.js';

/** Tells the waiting workflow that its approval was decided. A hint: the truth is in PostgreSQL, the sweep tells again. */
@Injectable()
export class DeliverDecision implements OnApplicationShutdown {
  private readonly log = new Logger(DeliverDecision.name);
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly db: TenantDb,
    private readonly approvals: ApprovalsRepository,
    private readonly temporal: TemporalClient,
  ) {}

  /** Nobody waits for it. */
  soon(tenantId: string, approvalId: string): void {
    const work = this.run(tenantId, approvalId)
      .catch((err: unknown) => this.log.warn({ err, msg: 'a decision is not delivered yet', approval_id: approvalId }))
      .finally(() => this.underWay.delete(work));
    this.underWay.add(work);
  }

  async run(tenantId: string, approvalId: string): Promise<void> {
    const client = this.temporal.client();
    const decided = await this.db.run(tenantId, () => this.approvals.decided(approvalId));
    // The execution first: somebody waits for what it does next.
    if (decided) await signalOutcome(client, { tenant_id: tenantId, ...decided });
    if (await signalDecided(client, tenantId, approvalId)) return;
    // Nobody waits for it any more: it counts as taken.
    await this.db.run(tenantId, () => this.approvals.takeDecision(approvalId));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.underWay);
  }
}
