import { context, createContextKey } from '@opentelemetry/api';
import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { type KafkaRecord } from '../contract/encode-event.js';
import { withDeadline } from '../watchdog/with-deadline.js';

/** Where encoded events go. A port, so that a test can put a crash behind a send. */
export abstract class RecordSender {
  /** Connects if need be. @throws when Kafka cannot be reached: then nothing was sent, surely */
  abstract ready(): Promise<void>;
  /**
   * Resolves when every record is confirmed by all in-sync replicas.
   * @param timestamp milliseconds since the epoch, what each record bears as its time
   * @throws when that is not known: some, all or none may be on Kafka
   */
  abstract send(records: readonly KafkaRecord[], timestamp: string): Promise<void>;
  abstract close(): Promise<void>;
}

/** What the broker may take to confirm; the rest of SEND_DEADLINE_MS is for finding it. */
const ACK_TIMEOUT_MS = 5_000;
/** An upper bound of one send, far below the relay's idle_in_transaction_session_timeout. */
export const SEND_DEADLINE_MS = 10_000;

/** OpenTelemetry's own key: an instrumented producer would overwrite `traceparent`, which belongs to the event's writer. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');
export const untraced = <T>(fn: () => T): T => context.with(context.active().setValue(SUPPRESS_TRACING, true), fn);

/** kafkajs' producer without retries of its own: a repeated send that had arrived would be a duplicate. */
export class KafkaRecordSender extends RecordSender {
  private producer: Promise<Producer> | undefined;
  private readonly kafka: Kafka;

  constructor(brokers: string[], clientId: string) {
    super();
    this.kafka = new Kafka({
      clientId,
      brokers,
      logLevel: logLevel.NOTHING,
      connectionTimeout: 3_000,
      requestTimeout: ACK_TIMEOUT_MS + 1_000,
      retry: { retries: 0 },
    });
  }

  async ready(): Promise<void> {
    await this.connected();
  }

  async send(records: readonly KafkaRecord[], timestamp: string): Promise<void> {
    const connected = this.connected();
    const producer = await connected;
    try {
      const sending = producer.sendBatch({
        acks: -1,
        timeout: ACK_TIMEOUT_MS,
        topicMessages: byTopic(records).map(([topic, own]) => ({
          topic,
          messages: own.map(({ key, value, headers }) => ({ key, value, headers, timestamp })),
        })),
      });
      await withDeadline(sending, SEND_DEADLINE_MS, 'sending to Kafka');
    } catch (error) {
      // A client that saw an error may be wedged inside: the next send starts with a new one.
      if (this.producer === connected) this.producer = undefined;
      await leave(producer);
      throw error;
    }
  }

  async close(): Promise<void> {
    const { producer } = this;
    this.producer = undefined;
    await (await producer?.catch(() => undefined))?.disconnect();
  }

  /** One producer for all lanes, whoever asks first. */
  private connected(): Promise<Producer> {
    this.producer ??= this.connect().catch((error: unknown) => {
      this.producer = undefined;
      throw error;
    });
    return this.producer;
  }

  private async connect(): Promise<Producer> {
    const producer = this.kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      maxInFlightRequests: 1,
      retry: { retries: 0 },
    });
    try {
      await withDeadline(producer.connect(), SEND_DEADLINE_MS, 'connecting to Kafka');
      return producer;
    } catch (error) {
      await leave(producer);
      throw error;
    }
  }
}

const leave = (producer: Producer): Promise<void> =>
  withDeadline(producer.disconnect(), 1_000, 'disconnecting').catch(() => undefined);

function byTopic(records: readonly KafkaRecord[]): [topic: string, records: KafkaRecord[]][] {
  const topics = new Map<string, KafkaRecord[]>();
  for (const record of records) topics.set(record.topic, [...(topics.get(record.topic) ?? []), record]);
  return [...topics];
}
