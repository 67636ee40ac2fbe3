import { aggregateKey } from '@aumos/agf-domain';
import { type InboxRepository, type TenantDb } from '@aumos/agf-persistence';
import { type ReceivedEvent } from '../contract/received-event.js';
import { Inbox, type Taken } from './inbox.js';

/** The inbox in PostgreSQL, in one transaction with the handler's effect. */
export class TenantInbox extends Inbox {
  constructor(
    private readonly db: TenantDb,
    private readonly inbox: InboxRepository,
  ) {
    super();
  }

  async once(group: string, event: ReceivedEvent, handler: () => Promise<unknown>): Promise<Taken> {
    return this.db.run(event.tenant_id, async () => {
      const { event_id, event_type, aggregate_version } = event;
      const aggregate_key = aggregateKey(event);
      const seen = await this.inbox.newestVersions(group, aggregate_key);
      if (!(await this.inbox.take(group, { event_id, event_type, aggregate_key, aggregate_version })))
        return { outcome: 'duplicate' };
      // Its mark stays, so that it is not looked at again.
      if ((seen.get(event_type) ?? 0) > aggregate_version) return { outcome: 'stale' };
      await handler();
      return { outcome: 'done', previous: Math.max(0, ...seen.values()) };
    });
  }
}
