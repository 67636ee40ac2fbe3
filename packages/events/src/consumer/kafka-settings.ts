import { type KafkaOptions } from '@nestjs/microservices';
import { logLevel, Partitioners } from 'kafkajs';
import { type ReliableKafkaOptions } from './consumer-options.js';

/** What Nest's Kafka server is made of. */
export const kafkaSettings = (o: Required<ReliableKafkaOptions>): NonNullable<KafkaOptions['options']> => ({
  postfixId: '',
  client: {
    clientId: o.clientId,
    brokers: o.brokers,
    logLevel: logLevel.WARN,
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: { retries: 8, initialRetryTime: 100, maxRetryTime: 2_000 },
  },
  consumer: {
    groupId: o.groupId,
    sessionTimeout: o.sessionTimeoutMs,
    heartbeatInterval: o.sessionTimeoutMs / 10,
    // Leaving takes as long as the fetch in hand.
    maxWaitTimeInMs: 500,
    allowAutoTopicCreation: false,
  },
  producer: { allowAutoTopicCreation: false, createPartitioner: Partitioners.DefaultPartitioner },
});
