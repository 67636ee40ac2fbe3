import { ApprovalChangesRepository, TenantDb } from '@aumos/agf-persistence';
import { type AuthenticatedActor, endOf, type Following, type ServerSentEvent } from '@aumos/agf-platform';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { ReaderOf } from '../inbox/reader-of.js';
import { ApprovalFeed, type Place } from './approval-feed.js';
import { changeEvent, resetEvent } from './change-event.js';

const MOST = 200;
/** Says from time to time that nothing happens, for the heartbeat. */
const IDLE_MS = 2_000;
/** Changes are kept for longer. */
const RESUMED_WITHIN_MS = 7 * 86_400_000;

/** Changes of a tenant's approvals, from some position on, as they are made. */
@Injectable()
export class FollowApprovals implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();

  constructor(
    private readonly db: TenantDb,
    private readonly changes: ApprovalChangesRepository,
    private readonly feed: ApprovalFeed,
    private readonly readers: ReaderOf,
  ) {}

  /** Followers come back to another replica, and go on after what they have. */
  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  /**
   * @returns batches, an empty one whenever nothing new came for a while. Who takes them slowly is read for slowly.
   * @throws ApiError RATE_LIMIT_EXCEEDED
   */
  open(actor: AuthenticatedActor, following: Following): AsyncGenerator<ServerSentEvent[]> {
    const signal = AbortSignal.any([following.gone, this.stopping.signal]);
    return this.follow(actor, following, signal, this.feed.join(actor.tenant_id, signal));
  }

  private async *follow(
    actor: AuthenticatedActor,
    following: Following,
    signal: AbortSignal,
    place: Place,
  ): AsyncGenerator<ServerSentEvent[]> {
    const { after } = following;
    const ends = endOf(actor, following);
    try {
      const present = await this.feed.present(actor.tenant_id, signal);
      const isKept = after === null || after > Date.now() - RESUMED_WITHIN_MS;
      if (!isKept) yield [resetEvent(present)];
      let position = after === null || !isKept ? present : Math.min(after, present);
      while (!signal.aborted && Date.now() < ends) {
        const events = position < place.last() ? await this.read(actor, position) : [];
        yield events;
        position = events.at(-1)?.id ?? position;
        if (position >= place.last()) await place.wait(Math.min(IDLE_MS, ends - Date.now()));
      }
    } finally {
      place.close();
    }
  }

  private read(actor: AuthenticatedActor, position: number): Promise<ServerSentEvent[]> {
    return this.db.run(actor.tenant_id, async () => {
      const found = await this.changes.after(position, MOST);
      const rows = found.flatMap(({ approval }) => approval ?? []);
      const may = await this.readers.of(actor, rows);
      return found.map((one) => changeEvent(one, may));
    });
  }
}
