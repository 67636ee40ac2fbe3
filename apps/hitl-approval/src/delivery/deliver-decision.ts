import { signalDecided, signalOutcome } from '@aumos/agf-engine/client';
import { ApprovalsRepository, type DecidedApproval, TenantDb } from '@aumos/agf-persistence';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { TemporalClient } from '../temporal/temporal-client.js';

/** So long the approval's workflow leaves the machine to what was approved. */
const AFTER_EXECUTION_MS = 250;

interface Told {
  tenantId: string;
  approvalId: string;
  decided: DecidedApproval | null;
  afterExecutionMs: number;
}

/** Tells who waits that an approval was decided. A hint: the truth is in PostgreSQL, the sweep tells again. */
@Injectable()
export class DeliverDecision implements OnApplicationShutdown {
  private readonly log = new Logger(DeliverDecision.name);
  private readonly stop = new AbortController();
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly db: TenantDb,
    private readonly approvals: ApprovalsRepository,
    private readonly temporal: TemporalClient,
  ) {}

  /** Nobody waits for it. */
  soon(tenantId: string, approvalId: string, decided: DecidedApproval): void {
    const work = this.tell({ tenantId, approvalId, decided, afterExecutionMs: AFTER_EXECUTION_MS })
      .catch((err: unknown) => this.log.warn({ err, msg: 'a decision is not delivered yet', approval_id: approvalId }))
      .finally(() => this.underWay.delete(work));
    this.underWay.add(work);
  }

  async run(tenantId: string, approvalId: string): Promise<void> {
    const decided = await this.db.run(tenantId, () => this.approvals.decided(approvalId));
    await this.tell({ tenantId, approvalId, decided, afterExecutionMs: 0 });
  }

  /** The execution first: somebody waits for what it does next. */
  private async tell({ tenantId, approvalId, decided, afterExecutionMs }: Told): Promise<void> {
    const client = this.temporal.client();
    if (decided) await signalOutcome(client, { tenant_id: tenantId, ...decided });
    if (afterExecutionMs > 0) await sleep(afterExecutionMs, undefined, this.stop).catch(() => undefined);
    if (await signalDecided(client, tenantId, approvalId)) return;
    // Nobody waits for it any more: it counts as taken.
    await this.db.run(tenantId, () => this.approvals.takeDecision(approvalId));
  }

  async onApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await Promise.allSettled(this.underWay);
  }
}
