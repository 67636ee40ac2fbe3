import { type ReceivedEvent } from '../contract/received-event.js';

/** `stale`: the group has handled a later event of that topic and aggregate. */
export type Taken =
  | { outcome: 'done'; /** newest version seen before, 0 for none */ previous: number }
  | { outcome: 'duplicate' | 'stale' };

/** What a consumer group has handled: the effect and the mark of it are written together or not at all. */
export abstract class Inbox {
  /** Runs `handler` in the tenant's transaction, unless the group has had the event; its throw undoes everything. */
  abstract once(group: string, event: ReceivedEvent, handler: () => Promise<unknown>): Promise<Taken>;
}
