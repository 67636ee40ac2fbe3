import { setTimeout as sleep } from 'node:timers/promises';
import { EVENT_TYPES } from '@aumos/agf-domain';
import { Logger } from '@nestjs/common';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { topicSettings, type TopicOptions, type TopicSettings } from './topic-settings.js';

/** Together 10 s. */
const LEADER_ATTEMPTS = 100;
const LEADER_PAUSE_MS = 100;

const logger = new Logger('EnsureTopics');

/**
 * Makes the ten topics and their dead letters where they are missing, and waits until each has its leaders.
 * Safe when several apps start at once; a topic that exists is left as it is, fewer partitions than wished are logged.
 * @throws when Kafka cannot be reached or refuses a topic
 */
export async function ensureTopics(brokers: string[], options: TopicOptions): Promise<void> {
  const admin = new Kafka({ clientId: 'agf-topics', brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const wanted = EVENT_TYPES.flatMap((type) => topicSettings(type, options));
    const present = new Set(await admin.listTopics());
    const missing = wanted.filter(({ topic }) => !present.has(topic));
    if (missing.length > 0) await create(admin, missing);
    await reportFewerPartitions(admin, wanted);
  } finally {
    await admin.disconnect();
  }
}

/** kafkajs answers false, and does not throw, when somebody else made some of them in the meantime. */
async function create(admin: Admin, topics: TopicSettings[]): Promise<void> {
  await admin.createTopics({
    waitForLeaders: true,
    topics: topics.map(({ topic, partitions, replicationFactor, settings }) => ({
      topic,
      numPartitions: partitions,
      replicationFactor,
      configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
    })),
  });
  await Promise.all(topics.map(({ topic }) => untilLed(admin, topic)));
}

/** Leaders are named before they have taken over, and a send before that fails; who answers for offsets has. */
async function untilLed(admin: Admin, topic: string): Promise<void> {
  for (let left = LEADER_ATTEMPTS; ; left--) {
    try {
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      if (left === 0) throw error;
      await sleep(LEADER_PAUSE_MS);
    }
  }
}

/** More partitions would move aggregates from one to another and break their order: that is an operator's decision. */
async function reportFewerPartitions(admin: Admin, wanted: TopicSettings[]): Promise<void> {
  const { topics } = await admin.fetchTopicMetadata({ topics: wanted.map(({ topic }) => topic) });
  for (const { name, partitions } of topics) {
    const wished = wanted.find(({ topic }) => topic === name)?.partitions ?? 0;
    if (partitions.length >= wished) continue;
    logger.warn({ msg: 'topic has fewer partitions than wished', topic: name, partitions: partitions.length, wished });
  }
}
