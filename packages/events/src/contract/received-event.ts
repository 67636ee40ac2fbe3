import { type DomainEvent, type EventType } from '@aumos/agf-domain';
import { type EventMessage } from './registry.js';

/** An event as a consumer gets it: what was written to the outbox, and its payload as a typed message. */
export type ReceivedEvent<T extends EventType = EventType> = Omit<DomainEvent, 'event_type'> & {
  event_type: T;
  schema_version: string;
  /** 1..n within the aggregate, across all its topics */
  aggregate_version: number;
  /** the same facts as `data`, typed, members in camelCase */
  message: EventMessage<T>;
};
