import { type EventType } from '@aumos/agf-domain';
import { type ReceivedEvent } from '../contract/received-event.js';

/** What a handler gets. */
export type DeliveredEvent<T extends EventType = EventType> = ReceivedEvent<T> & {
  /** aborted when the handler took too long: its transaction is rolled back, and it should stop */
  signal: AbortSignal;
};
