import { BreakersRepository, type BreakerTransitionEntity, TenantDb } from '@aumos/agf-persistence';
import { type AuthenticatedActor, endOf, type Following } from '@aumos/agf-platform';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { HistoryBell } from '../transitions/history-bell.js';

const MOST = 500;
/** How late a change is shown of which this process has not heard. */
const LOOK_EVERY_MS = 2_000;

/** A tenant's changes of breakers, from some position on, as they become history. */
@Injectable()
export class FollowHistory implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();

  constructor(
    private readonly db: TenantDb,
    private readonly breakers: BreakersRepository,
    private readonly bell: HistoryBell,
  ) {}

  /** Followers come back to another replica, and go on after what they have. */
  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** @returns batches, an empty one whenever nothing new came for a while */
  async *run(actor: AuthenticatedActor, following: Following): AsyncGenerator<BreakerTransitionEntity[]> {
    const { tenant_id } = actor;
    const { after, gone } = following;
    const ends = endOf(actor, following);
    const signal = AbortSignal.any([gone, this.stopping.signal]);
    const bell = this.bell.listen(tenant_id, signal);
    try {
      let position = after ?? (await this.db.run(tenant_id, () => this.breakers.lastPosition()));
      while (!signal.aborted && Date.now() < ends) {
        const changes = await this.db.run(tenant_id, () => this.breakers.historyAfter(position, MOST));
        yield changes;
        position = changes.at(-1)?.position ?? position;
        if (changes.length < MOST) await bell.wait(Math.min(LOOK_EVERY_MS, ends - Date.now()));
      }
    } finally {
      bell.close();
    }
  }
}
