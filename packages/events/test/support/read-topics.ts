import { randomUUID } from 'node:crypto';
import { eventually } from '@aumos/agf-testing';
import { type Kafka, type KafkaMessage } from 'kafkajs';

export interface ReadRecord {
  topic: string;
  partition: number;
  message: KafkaMessage;
}

/** Everything that is on some topics right now, in the order of each partition. */
export async function readTopics(kafka: Kafka, topics: string[]): Promise<ReadRecord[]> {
  const total = await countRecords(kafka, topics);
  if (total === 0) return [];
  const records: ReadRecord[] = [];
  const consumer = kafka.consumer({ groupId: `read-${randomUUID()}`, maxWaitTimeInMs: 50 });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message }) => void records.push({ topic, partition, message }),
    });
    await eventually(() => records.length >= total, `${String(total)} records`);
    return records;
  } finally {
    await consumer.disconnect();
  }
}

async function countRecords(kafka: Kafka, topics: string[]): Promise<number> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const offsets = await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)));
    return offsets.flat().reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  } finally {
    await admin.disconnect();
  }
}
