import { type DomainEvent } from '@aumos/agf-domain';
import { type Kafka, type Message } from 'kafkajs';
import { encodeEvent } from '../../src/index.js';

/** An event's record with some of it replaced. */
export function recordOf(event: DomainEvent, version = 1, change: Partial<Message> = {}): Message {
  const { key, value, headers } = encodeEvent(event, version);
  return { key, value, ...change, headers: { ...headers, ...change.headers } };
}

/** Sends in order to partition 0, by a producer like anybody's. */
export async function send(kafka: Kafka, topic: string, ...messages: Message[]): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic, acks: -1, messages: messages.map((message) => ({ ...message, partition: 0 })) });
  await producer.disconnect();
}
