import { setTimeout as sleep } from 'node:timers/promises';
import { type EventType } from '@aumos/agf-domain';
import { Logger } from '@nestjs/common';
import { type EachMessagePayload } from 'kafkajs';
import { decodeEvent } from '../contract/decode-event.js';
import { EventDecodingError } from '../contract/errors.js';
import { type ReceivedEvent } from '../contract/received-event.js';
import { eventTypesOf } from '../contract/registry.js';
import { consumerMetrics } from './consumer-metrics.js';
import { type DeliveredEvent } from './delivered-event.js';
import { inEventSpan } from './event-span.js';
import { type Inbox } from './inbox.js';
import { isTransient } from './transient.js';
import { withHandlerTimeout } from './with-handler-timeout.js';

const LONGEST_BACKOFF_MS = 5_000;
/** What a transaction may take beyond its handler before it counts as hanging. */
const TRANSACTION_MARGIN_MS = 30_000;

export interface DeliveryContext {
  groupId: string;
  inbox: Inbox;
  retries: number;
  backoffMs: number;
  handlerTimeoutMs: number;
  heartbeatMs: number;
  /** aborted when the consumer is closing: what keeps failing is left to the next member */
  closing: AbortSignal;
  handles(this: void, type: EventType): boolean;
  handle(this: void, event: DeliveredEvent): Promise<void>;
  bury(this: void, error: Error, attempts: number): Promise<void>;
  onAttempt(this: void): void;
  onWedged(this: void, why: string): void;
}

const logger = new Logger('EventDelivery');

/**
 * Brings one record to its end: handled, known already, not for us, or among the dead letters.
 * @returns false when it was given up unfinished: its offset must not be committed
 * @throws when the partition was taken away meanwhile, or the dead letter could not be written
 */
export async function deliver(payload: EachMessagePayload, o: DeliveryContext): Promise<boolean> {
  let lost: Error | undefined;
  // kafkajs heartbeats between messages only: a long handler would lose its partition.
  const beat = setInterval(() => {
    payload.heartbeat().catch((error: unknown) => (lost = error as Error));
  }, o.heartbeatMs);
  try {
    for (let attempt = 1, failures = 0; ; attempt++) {
      if (o.closing.aborted) return false;
      o.onAttempt();
      try {
        consumerMetrics.events.add(1, { outcome: await attemptOnce(payload, o) });
        return true;
      } catch (error) {
        if (lost) throw lost;
        if (!isTransient(error)) failures++;
        if (error instanceof EventDecodingError || failures > o.retries) {
          await bury(payload, error as Error, attempt, o);
          return true;
        }
        report(payload, error as Error, attempt);
        await sleep(Math.min(o.backoffMs * 2 ** (attempt - 1), LONGEST_BACKOFF_MS), undefined, {
          signal: o.closing,
        }).catch(() => undefined);
      }
    }
  } finally {
    clearInterval(beat);
  }
}

async function attemptOnce({ message }: EachMessagePayload, o: DeliveryContext): Promise<string> {
  const event = decodeEvent(message.headers, message.value);
  if (!event || !o.handles(event.event_type)) return 'ignored';
  const hanging = setTimeout(
    () => o.onWedged(`the transaction of event ${event.event_id} does not end`),
    o.handlerTimeoutMs + TRANSACTION_MARGIN_MS,
  );
  try {
    const handler = (): Promise<void> =>
      withHandlerTimeout(o.handlerTimeoutMs, (signal) => o.handle({ ...event, signal }));
    const taken = await inEventSpan(event, o.groupId, () => o.inbox.once(o.groupId, event, handler));
    if (taken.outcome === 'done' && taken.previous + 1 < event.aggregate_version) countAhead(event, o);
    return taken.outcome;
  } finally {
    clearTimeout(hanging);
  }
}

/** Between topics there is no order; only a group that takes all of an aggregate's can tell that one is missing. */
function countAhead(event: ReceivedEvent, o: DeliveryContext): void {
  if (!eventTypesOf(event.aggregate_type).every(o.handles)) return;
  consumerMetrics.ahead.add(1, { event_type: event.event_type });
}

function report(payload: EachMessagePayload, error: Error, attempt: number): void {
  consumerMetrics.retries.add(1);
  logger.warn({
    msg: 'handling an event failed and is tried again',
    ...placeOf(payload),
    attempt,
    error: error.message,
  });
}

async function bury(payload: EachMessagePayload, error: Error, attempts: number, o: DeliveryContext): Promise<void> {
  await o.bury(error, attempts);
  consumerMetrics.events.add(1, { outcome: 'dead' });
  logger.error({ msg: 'an event is dead', ...placeOf(payload), attempts, error: error.message });
}

const placeOf = ({ topic, partition, message }: EachMessagePayload): object => ({
  topic,
  partition,
  offset: message.offset,
});
