import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { EVENT_TYPES } from '@aumos/agf-domain';
import { testStack } from '@aumos/agf-testing';
import { type Admin, ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';
import { deadLetterTopicOf, ensureTopics, topicOf } from '../src/index.js';

const prefix = `t${randomBytes(4).toString('hex')}.`;
const brokers = testStack().kafka.split(',');
const topics = EVENT_TYPES.map((type) => topicOf(type, prefix));
let admin: Admin;
beforeAll(async () => {
  admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
});
afterAll(async () => {
  await admin.deleteTopics({ topics: [...topics, ...topics.map(deadLetterTopicOf)] });
  await admin.disconnect();
});

it('makes the ten topics and their dead letters though four apps start at once, and leaves what is there', async () => {
  const present = topics[0]!;
  await admin.createTopics({ topics: [{ topic: present, numPartitions: 1, replicationFactor: 1 }] });
  const options = { prefix, partitions: 2, replicationFactor: 1, retentionDays: 3 };
  await Promise.all([1, 2, 3, 4].map(() => ensureTopics(brokers, options)));
  await ensureTopics(brokers, options);
  const metadata = await admin.fetchTopicMetadata({ topics: [...topics, ...topics.map(deadLetterTopicOf)] });
  const partitions = Object.fromEntries(metadata.topics.map((topic) => [topic.name, topic.partitions.length]));
  const expected = topics.flatMap((topic) => [
    [topic, topic === present ? 1 : 2],
    [deadLetterTopicOf(topic), 1],
  ]);
  expect(partitions).toEqual(Object.fromEntries(expected));
});

it('gives them their settings', async () => {
  const name = topics[1]!;
  const resources = [{ type: ConfigResourceTypes.TOPIC, name }];
  const [resource] = (await admin.describeConfigs({ resources, includeSynonyms: false })).resources;
  const settings = Object.fromEntries(
    resource!.configEntries.map(({ configName, configValue }) => [configName, configValue]),
  );
  expect(settings).toMatchObject({
    'cleanup.policy': 'delete',
    'retention.ms': String(3 * 24 * 3_600_000),
    'min.insync.replicas': '1',
    'message.timestamp.type': 'CreateTime',
  });
});
