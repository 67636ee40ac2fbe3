import { isEnded, isLastEvent } from '@aumos/agf-domain';
import { ExecutionLogRepository, ExecutionsRepository, type LoggedEvent, TenantDb } from '@aumos/agf-persistence';
import { type AuthenticatedActor, notFound } from '@aumos/agf-platform';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { LogNudges } from './log-nudges.js';

const MOST = 500;
/** How late an entry is shown whose nudge was lost. */
const LOOK_EVERY_MS = 2_000;

/** An execution's log from some entry on, as it grows, until its last entry. */
@Injectable()
export class FollowExecution implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();

  constructor(
    private readonly db: TenantDb,
    private readonly executions: ExecutionsRepository,
    private readonly log: ExecutionLogRepository,
    private readonly nudges: LogNudges,
  ) {}

  /** Followers come back to another replica, and go on after what they have. */
  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  /**
   * @param after the last entry that the caller has; 0: from the beginning
   * @returns batches, an empty one whenever nothing new came for a while; ends after the last entry, with the token,
   *   when `gone` says so, and when this process stops
   * @throws ApiError NOT_FOUND
   */
  async open(
    actor: AuthenticatedActor,
    executionId: string,
    after: number,
    gone: AbortSignal,
  ): Promise<AsyncGenerator<LoggedEvent[]>> {
    const row = await this.db.run(actor.tenant_id, () => this.executions.get(executionId));
    if (!row) throw notFound();
    const signal = AbortSignal.any([gone, this.stopping.signal]);
    return this.follow(actor, executionId, after, signal);
  }

  private async *follow(
    { tenant_id, expires_at }: AuthenticatedActor,
    executionId: string,
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<LoggedEvent[]> {
    const nudge = this.nudges.of(tenant_id, executionId, signal);
    try {
      for (let seq = after; !signal.aborted && Date.now() < expires_at;) {
        const { events, ended } = await this.read(tenant_id, executionId, seq);
        yield events;
        const last = events.at(-1);
        if (last ? isLastEvent(last.type) : ended) return;
        if (last) seq = last.seq;
        if (events.length < MOST) await nudge.wait(Math.min(LOOK_EVERY_MS, expires_at - Date.now()));
      }
    } finally {
      nudge.close();
    }
  }

  /** The row, which may be large, only where nothing is new; `ended`: there will be nothing more after `events`. */
  private read(tenantId: string, id: string, seq: number): Promise<{ events: LoggedEvent[]; ended: boolean }> {
    return this.db.run(tenantId, async () => {
      const events = await this.log.after(id, seq, MOST);
      if (events.length > 0) return { events, ended: false };
      const row = await this.executions.get(id);
      if (row && !isEnded(row.status)) return { events, ended: false };
      // What was written between the two looks.
      return { events: await this.log.after(id, seq, MOST), ended: true };
    });
  }
}
