import { randomUUID } from 'node:crypto';
import { encodeEvent } from '@aumos/agf-events';
import { Partitioners } from 'kafkajs';
import { Arrivals, kafkaClient } from './arrivals.js';
import { syntheticEvent } from './synthetic-event.js';

const PARTITIONS = 6;

export interface BareWay {
  /** @returns ms from the send to the consumer */
  one(): Promise<number>;
  close(): Promise<void>;
}

/** The same record, produced to a topic of its own and consumed: nothing in between. */
export async function bareWay(): Promise<BareWay> {
  const topic = `agf-bench-${randomUUID()}`;
  const kafka = kafkaClient();
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: true });
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  const arrivals = await Arrivals.of(topic, ({ headers }) => headers?.['ce_id']?.toString() ?? '');
  return {
    one: async () => {
      const event = syntheticEvent();
      const { key, value, headers } = encodeEvent(event, 1);
      const began = performance.now();
      await producer.send({ topic, acks: -1, messages: [{ key, value, headers }] });
      return (await arrivals.timeOf(event.event_id)) - began;
    },
    close: async () => {
      await arrivals.close();
      await producer.disconnect();
      await admin.deleteTopics({ topics: [topic] });
      await admin.disconnect();
    },
  };
}
