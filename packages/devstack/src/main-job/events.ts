import { EVENT_TYPES } from '@aumos/agf-domain';
import { decodeEvent, type ReceivedEvent, topicOf } from '@aumos/agf-events';
import { randomUUID } from 'node:crypto';
import { type Consumer, Kafka, logLevel } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';

const COMES_WITHIN_MS = 30_000;

const isAbout = (event: ReceivedEvent, executionId: string): boolean =>
  event.aggregate_id === executionId || event.data['execution_id'] === executionId;

/** What came over Kafka since {@link listen}, of which one execution is of interest. */
export class Listening {
  private readonly events: ReceivedEvent[] = [];
  private executionId: string | undefined;

  constructor(
    private readonly consumer: Consumer,
    private readonly tell: (event: ReceivedEvent) => void,
  ) {}

  take(event: ReceivedEvent): void {
    this.events.push(event);
    if (this.executionId && isAbout(event, this.executionId)) this.tell(event);
  }

  /** Tells each event of that execution: an event can be quicker than the answer that names the execution. */
  about(executionId: string): void {
    this.executionId = executionId;
    for (const event of this.events) if (isAbout(event, executionId)) this.tell(event);
  }

  /** @returns once an event of one of these types came; @throws after a while */
  async until(types: readonly string[]): Promise<void> {
    const isIt = (event: ReceivedEvent): boolean =>
      types.includes(event.event_type) && isAbout(event, this.executionId ?? '');
    for (const end = Date.now() + COMES_WITHIN_MS; Date.now() < end; await sleep(25))
      if (this.events.some(isIt)) return;
    throw new Error(`none of ${types.join(', ')} came over Kafka within ${String(COMES_WITHIN_MS / 1000)} s`);
  }

  close(): Promise<void> {
    return this.consumer.disconnect();
  }
}

/** Where each topic ends now: a group that is new would find out later, and miss what comes meanwhile. */
async function ends(kafka: Kafka, topics: string[]): Promise<{ topic: string; partition: number; offset: string }[]> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const all = await Promise.all(topics.map(async (topic) => ({ topic, at: await admin.fetchTopicOffsets(topic) })));
    return all.flatMap(({ topic, at }) => at.map(({ partition, high }) => ({ topic, partition, offset: high })));
  } finally {
    await admin.disconnect();
  }
}

const joined = (consumer: Consumer): Promise<void> =>
  new Promise((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, () => {
      resolve();
    });
  });

/** A consumer like any product's: its own group, the platform's published schemas. It misses nothing from here on. */
export async function listen(brokers: string[], tell: (event: ReceivedEvent) => void): Promise<Listening> {
  const kafka = new Kafka({ clientId: 'agf-main-job', brokers, logLevel: logLevel.NOTHING });
  const topics = EVENT_TYPES.map((type) => topicOf(type));
  const from = await ends(kafka, topics);
  const consumer = kafka.consumer({ groupId: `agf-main-job-${randomUUID()}`, maxWaitTimeInMs: 250 });
  const listening = new Listening(consumer, tell);
  await consumer.connect();
  await consumer.subscribe({ topics });
  const ready = joined(consumer);
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ message }) => {
      const event = decodeEvent(message.headers, message.value);
      if (event) listening.take(event);
    },
  });
  await ready;
  for (const position of from) consumer.seek(position);
  return listening;
}
