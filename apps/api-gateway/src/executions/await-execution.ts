import { isEnded } from '@aumos/agf-domain';
import { type ExecutionEntity, ExecutionsRepository, TenantDb } from '@aumos/agf-persistence';
import { type AuthenticatedActor, notFound } from '@aumos/agf-platform';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { LogNudges } from './stream/log-nudges.js';

/** How late an end is seen whose nudge was lost. */
const LOOK_EVERY_MS = 1_000;

/** Waits for an execution's end, for a while. */
@Injectable()
export class AwaitExecution implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();

  constructor(
    private readonly db: TenantDb,
    private readonly executions: ExecutionsRepository,
    private readonly nudges: LogNudges,
  ) {}

  /** Who waits is told where to look, and asks another replica. */
  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** @returns the row, ended or not, `ms` later at the latest, or once it waits for people @throws ApiError NOT_FOUND */
  async within(
    { tenant_id }: AuthenticatedActor,
    executionId: string,
    ms: number,
    gone: AbortSignal,
  ): Promise<ExecutionEntity> {
    const signal = AbortSignal.any([gone, this.stopping.signal]);
    const nudge = this.nudges.of(tenant_id, executionId, signal);
    const until = Date.now() + ms;
    try {
      for (;;) {
        const row = await this.db.run(tenant_id, () => this.executions.get(executionId));
        if (!row) throw notFound();
        const left = until - Date.now();
        if (isEnded(row.status) || row.status === 'paused_hitl' || left <= 0 || signal.aborted) return row;
        await nudge.wait(Math.min(LOOK_EVERY_MS, left));
      }
    } finally {
      nudge.close();
    }
  }
}
