import { type EventType } from '@aumos/agf-domain';
import { deadLetterTopicOf, topicOf } from '../contract/registry.js';

/** How one topic is made. Settings as Kafka names them. */
export interface TopicSettings {
  topic: string;
  partitions: number;
  replicationFactor: number;
  settings: Readonly<Record<string, string>>;
}

/** What differs between a developer's machine and production. */
export interface TopicOptions {
  prefix?: string;
  /** default 6: changing it later moves aggregates to other partitions and breaks their order */
  partitions?: number;
  /** 1 on one broker; 3 in production, where two copies must confirm a write */
  replicationFactor: number;
  retentionDays?: number;
  deadLetterRetentionDays?: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The topic of an event type and its dead letters. */
export function topicSettings(type: EventType, o: TopicOptions): [topic: TopicSettings, deadLetters: TopicSettings] {
  const topic = topicOf(type, o.prefix);
  const settings = (retentionDays: number): Record<string, string> => ({
    'cleanup.policy': 'delete',
    'retention.ms': String(retentionDays * DAY_MS),
    'min.insync.replicas': o.replicationFactor >= 3 ? '2' : '1',
    // The relay finds what it sent by the time it gave the record.
    'message.timestamp.type': 'CreateTime',
  });
  return [
    {
      topic,
      partitions: o.partitions ?? 6,
      replicationFactor: o.replicationFactor,
      settings: settings(o.retentionDays ?? 7),
    },
    {
      topic: deadLetterTopicOf(topic),
      partitions: 1,
      replicationFactor: o.replicationFactor,
      settings: settings(o.deadLetterRetentionDays ?? 30),
    },
  ];
}
