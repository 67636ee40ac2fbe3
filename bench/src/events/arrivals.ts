import { randomUUID } from 'node:crypto';
import { testStack } from '@aumos/agf-testing';
import { type Consumer, Kafka, type KafkaMessage, logLevel } from 'kafkajs';

/** As the platform's consumers wait. */
const MAX_WAIT_MS = 500;

export const kafkaClient = (): Kafka =>
  new Kafka({ clientId: 'agf-bench', brokers: testStack().kafka.split(','), logLevel: logLevel.NOTHING });

/** A consumer of one topic: when what came. The clock is this process', as the writer's is. */
export class Arrivals {
  private readonly at = new Map<string, number>();
  private readonly waiting = new Map<string, (at: number) => void>();

  private constructor(private readonly consumer: Consumer) {}

  /** Returns once it waits at the end of every partition. @param idOf names a record */
  static async of(topic: string, idOf: (message: KafkaMessage) => string): Promise<Arrivals> {
    const kafka = kafkaClient();
    const admin = kafka.admin();
    await admin.connect();
    const ends = await admin.fetchTopicOffsets(topic);
    await admin.disconnect();
    const consumer = kafka.consumer({ groupId: `agf-bench-${randomUUID()}`, maxWaitTimeInMs: MAX_WAIT_MS });
    const arrivals = new Arrivals(consumer);
    await consumer.connect();
    await consumer.subscribe({ topic });
    const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
    await consumer.run({ autoCommit: false, eachMessage: async ({ message }) => arrivals.came(idOf(message)) });
    await joined;
    for (const { partition, high } of ends) consumer.seek({ topic, partition, offset: high });
    return arrivals;
  }

  /** When it came, on the clock of `performance.now()`; waits for it. */
  async timeOf(id: string): Promise<number> {
    const known = this.at.get(id);
    if (known !== undefined) return known;
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }

  async close(): Promise<void> {
    await this.consumer.disconnect();
  }

  private came(id: string): void {
    const now = performance.now();
    this.at.set(id, now);
    this.waiting.get(id)?.(now);
  }
}
