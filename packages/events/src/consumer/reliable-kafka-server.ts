import { setTimeout as sleep } from 'node:timers/promises';
import { type EventType } from '@aumos/agf-domain';
import { KafkaContext, ServerKafka } from '@nestjs/microservices';
import { type Consumer, type EachMessagePayload } from 'kafkajs';
import { deadLetterTopicOf, isEventType, topicOf } from '../contract/registry.js';
import { Watchdog } from '../watchdog/watchdog.js';
import { type ReliableKafkaOptions, withDefaults } from './consumer-options.js';
import { deadLetterOf } from './dead-letter.js';
import { deliver } from './delivery.js';
import { type DeliveredEvent } from './delivered-event.js';
import { kafkaAnswers } from './kafka-answers.js';
import { kafkaSettings } from './kafka-settings.js';
import { ensureTopics } from '../topics/ensure-topics.js';
import { withDeadline } from '../watchdog/with-deadline.js';

export interface ConsumerHealth {
  status: 'up' | 'down';
  message?: string;
}

const RECONNECT_MS = 1_000;
/** How long closing waits for a connection that is just being made. */
const CLOSE_CONNECTING_MS = 1_000;

/**
 * The strategy for `app.connectMicroservice({strategy})`. The handlers' patterns are event types; the group subscribes to
 * their topics. An event takes effect once: handler and inbox row share a transaction, the offset follows the commit.
 * Nest's own Kafka transport would block a partition for ever on a handler that throws.
 */
export class ReliableKafkaServer extends ServerKafka {
  private readonly o: Required<ReliableKafkaOptions>;
  private readonly inFlight = new Set<Promise<void>>();
  private readonly closing = new AbortController();
  private readonly watchdog: Watchdog;
  private trouble: string | undefined = 'not started';
  private connecting: Promise<void> = Promise.resolve();

  constructor(options: ReliableKafkaOptions) {
    const o = withDefaults(options);
    super(kafkaSettings(o));
    this.o = o;
    this.watchdog = new Watchdog(o.wedgedAfterMs, o.onWedged, () => kafkaAnswers(o.brokers));
  }

  health(): ConsumerHealth {
    return this.trouble === undefined ? { status: 'up' } : { status: 'down', message: this.trouble };
  }

  /** For readiness. @throws what keeps it from Kafka */
  check(): void {
    const { status, message } = this.health();
    if (status === 'down') throw new Error(message);
  }

  /**
   * Returns at once: Kafka being away keeps no app from starting. The topics are made, then the group is joined, again
   * and again until it works; `health()` says so meanwhile.
   */
  override async listen(callback: (error?: unknown) => void): Promise<void> {
    this.connecting = this.connectWhenThere();
    callback();
  }

  private async connectWhenThere(): Promise<void> {
    while (!this.closing.signal.aborted) {
      try {
        const { brokers, topicPrefix: prefix, replicationFactor } = this.o;
        await ensureTopics(brokers, { prefix, replicationFactor });
        const error = await new Promise<unknown>((resolve) => void super.listen(resolve));
        if (error === undefined) return;
        throw error as Error;
      } catch (error) {
        this.trouble = error instanceof Error ? error.message : 'unknown';
        await super.close().catch(() => undefined);
        await sleep(RECONNECT_MS, undefined, { signal: this.closing.signal }).catch(() => undefined);
      }
    }
  }

  override async bindEvents(consumer: Consumer): Promise<void> {
    const topics = this.eventTypes().map((type) => topicOf(type, this.o.topicPrefix));
    await consumer.subscribe({ topics, fromBeginning: true });
    // Before run(): the first join happens inside it.
    consumer.on(consumer.events.GROUP_JOIN, () => (this.trouble = undefined));
    consumer.on(consumer.events.FETCH, () => this.watchdog.progress());
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      this.trouble = payload.error.message;
      if (!payload.restart) this.o.onWedged(`the consumer ended: ${payload.error.message}`);
    });
    this.watchdog.start();
    await consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: this.o.concurrency,
      eachMessage: (payload) => this.tracked(this.deliver(consumer, payload)),
    });
  }

  /** Takes nothing new, finishes what is in hand, leaves the group. */
  override async close(): Promise<void> {
    this.watchdog.stop();
    this.closing.abort();
    await withDeadline(this.connecting, CLOSE_CONNECTING_MS, 'connecting').catch(() => undefined);
    this.pause();
    // kafkajs silently drops commits once it is stopping: what is in flight has to commit before.
    await Promise.allSettled(this.inFlight);
    await super.close();
  }

  private pause(): void {
    try {
      this.consumer?.pause(this.eventTypes().map((type) => ({ topic: topicOf(type, this.o.topicPrefix) })));
    } catch {
      // It never joined: there is nothing to pause.
    }
  }

  private eventTypes(): EventType[] {
    return [...this.messageHandlers.keys()].filter(isEventType);
  }

  private async tracked(work: Promise<void>): Promise<void> {
    this.inFlight.add(work);
    try {
      await work;
    } finally {
      this.inFlight.delete(work);
      this.watchdog.progress();
    }
  }

  private async deliver(consumer: Consumer, payload: EachMessagePayload): Promise<void> {
    const ended = await deliver(payload, {
      ...this.o,
      heartbeatMs: this.o.sessionTimeoutMs / 10,
      closing: this.closing.signal,
      handles: (type) => this.messageHandlers.has(type),
      handle: (event) => this.handle(consumer, payload, event),
      bury: (error, attempts) => this.bury(payload, error, attempts),
      onAttempt: () => this.watchdog.progress(),
    });
    if (!ended) return;
    const offset = String(BigInt(payload.message.offset) + 1n);
    await consumer.commitOffsets([{ topic: payload.topic, partition: payload.partition, offset }]);
  }

  private async handle(consumer: Consumer, payload: EachMessagePayload, event: DeliveredEvent): Promise<void> {
    const { message, partition, topic } = payload;
    const heartbeat = (): Promise<void> => payload.heartbeat();
    const context = new KafkaContext([message, partition, topic, consumer, heartbeat, this.producer!]);
    await this.handleEvent(event.event_type, { pattern: event.event_type, data: event }, context);
  }

  /** Confirmed by all replicas before the offset moves: if this throws, the record comes again. */
  private async bury(payload: EachMessagePayload, error: Error, attempts: number): Promise<void> {
    const letter = deadLetterOf(payload, this.groupId, error, attempts);
    await this.producer!.send({ topic: deadLetterTopicOf(payload.topic), acks: -1, messages: [letter] });
  }
}
