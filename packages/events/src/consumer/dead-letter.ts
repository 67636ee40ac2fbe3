import { type EachMessagePayload, type Message } from 'kafkajs';

/** The record as it was, and beside it why and where it died. */
export function deadLetterOf(payload: EachMessagePayload, group: string, error: Error, attempts: number): Message {
  const { topic, partition, message } = payload;
  return {
    key: message.key,
    value: message.value,
    headers: {
      ...message.headers,
      dlq_group: group,
      dlq_topic: topic,
      dlq_partition: String(partition),
      dlq_offset: message.offset,
      dlq_attempts: String(attempts),
      dlq_error: error.message.slice(0, 500),
      dlq_at: new Date().toISOString(),
    },
  };
}
