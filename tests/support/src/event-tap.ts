import { randomUUID } from 'node:crypto';
import { EVENT_TYPES } from '@aumos/agf-domain';
import { decodeEvent, type ReceivedEvent } from '@aumos/agf-events';
import { eventually } from '@aumos/agf-testing';
import { type Admin, type Consumer, Kafka, logLevel } from 'kafkajs';

/** A record as it lies in Kafka, and what it says. */
export interface TappedEvent {
  topic: string;
  partition: number;
  offset: number;
  key: string;
  headers: Record<string, string>;
  event: ReceivedEvent;
}

/** Reads topics, by default all ten, from their beginning, with a plain client, as any product's consumer would. */
export class EventTap {
  readonly all: TappedEvent[] = [];
  /** records that are no event: there must be none */
  readonly strange: string[] = [];
  private readonly read = new Map<string, number>();
  private readonly admin: Admin;
  private readonly consumer: Consumer;

  private constructor(
    brokers: string,
    private readonly topics: readonly string[],
  ) {
    const kafka = new Kafka({ clientId: 'agf-tests', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
    this.admin = kafka.admin();
    this.consumer = kafka.consumer({ groupId: `agf-tests-${randomUUID()}`, maxWaitTimeInMs: 100 });
  }

  /** @returns once there are such topics: whoever writes to them makes them */
  static async open(brokers: string, topics: readonly string[] = EVENT_TYPES): Promise<EventTap> {
    const tap = new EventTap(brokers, topics);
    await tap.admin.connect();
    await tap.consumer.connect();
    const subscribe = async (): Promise<boolean> => {
      await tap.consumer.subscribe({ topics: [...topics], fromBeginning: true });
      return true;
    };
    await eventually(subscribe, 'the topics', { timeoutMs: 60_000, everyMs: 500 });
    await tap.consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message }) => {
        tap.take(topic, partition, message);
      },
    });
    return tap;
  }

  /** Everything that is in Kafka at the time of the call. */
  async upToNow(): Promise<readonly TappedEvent[]> {
    const ends = await Promise.all(
      this.topics.map(async (topic) => ({ topic, parts: await this.admin.fetchTopicOffsets(topic) })),
    );
    const wanted = ends.flatMap(({ topic, parts }) =>
      parts.map(({ partition, high }) => ({ place: `${topic}/${String(partition)}`, high: Number(high) })),
    );
    const missing = (): string[] =>
      wanted.filter(({ place, high }) => (this.read.get(place) ?? 0) < high).map(({ place }) => place);
    await eventually(() => missing().length === 0, 'all records that Kafka has', { timeoutMs: 30_000 });
    return this.all;
  }

  /** @returns the execution's events, its approvals' included, once `enough` holds for them */
  async about(executionId: string, enough: (types: string[]) => boolean): Promise<TappedEvent[]> {
    const mine = (): TappedEvent[] =>
      this.all.filter(({ event }) => event.aggregate_id === executionId || event.data['execution_id'] === executionId);
    await eventually(
      () => enough(mine().map(({ topic }) => topic)),
      `events of execution ${executionId}; there are: ${mine()
        .map(({ topic }) => topic)
        .join(', ')}`,
    );
    return mine();
  }

  /** @param andTopics removes them: a suite's own */
  async close({ andTopics = false } = {}): Promise<void> {
    await this.consumer.disconnect();
    if (andTopics) await this.admin.deleteTopics({ topics: [...this.topics] });
    await this.admin.disconnect();
  }

  private take(
    topic: string,
    partition: number,
    message: { key: Buffer | null; value: Buffer | null; offset: string; headers?: Parameters<typeof decodeEvent>[0] },
  ): void {
    const event = decodeEvent(message.headers, message.value);
    const offset = Number(message.offset);
    this.read.set(`${topic}/${String(partition)}`, offset + 1);
    if (!event) {
      this.strange.push(`${topic}/${String(partition)}@${message.offset}`);
      return;
    }
    const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
    this.all.push({
      topic,
      partition,
      offset,
      key: message.key?.toString() ?? '',
      headers: Object.fromEntries(headers) as Record<string, string>,
      event,
    });
  }
}
