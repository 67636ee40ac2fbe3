import { EVENT_TYPES } from '@aumos/agf-domain';
import { decodeEvent, topicOf, type ReceivedEvent } from '@aumos/agf-events';
import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, type Consumer } from 'kafkajs';

/** What comes over Kafka about one execution, from the moment {@link listen} returned. */
export interface Listening {
  /** events of that execution so far, in the order they came */
  events: readonly ReceivedEvent[];
  close(): Promise<void>;
}

const isAbout = (event: ReceivedEvent, executionId: string): boolean =>
  event.aggregate_id === executionId || event.data['execution_id'] === executionId;

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

/**
 * A consumer like any product's: its own group, the platform's published schemas.
 * @param about tells the execution's id once it is known
 * @param onEvent called for each event of that execution
 */
export async function listen(
  brokers: string[],
  about: () => string | undefined,
  onEvent: (event: ReceivedEvent) => void,
): Promise<Listening> {
  const kafka = new Kafka({ clientId: 'agf-main-job', brokers, logLevel: logLevel.NOTHING });
  const topics = EVENT_TYPES.map((type) => topicOf(type));
  const from = await ends(kafka, topics);
  const consumer = kafka.consumer({ groupId: `agf-main-job-${randomUUID()}`, maxWaitTimeInMs: 250 });
  const events: ReceivedEvent[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics });
  const ready = joined(consumer);
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ message }) => {
      const event = decodeEvent(message.headers, message.value);
      const executionId = about();
      if (!event || !executionId || !isAbout(event, executionId)) return;
      events.push(event);
      onEvent(event);
    },
  });
  await ready;
  for (const position of from) consumer.seek(position);
  return { events, close: () => consumer.disconnect() };
}
