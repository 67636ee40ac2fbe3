import { join } from 'node:path';
import { HOST } from '../../state/ports.js';
import { type Surroundings, portOf } from '../service.js';

/** A broker that is its own controller; topics are created on purpose, never by a typing error. */
const SETTINGS = {
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.listener.names': 'CONTROLLER',
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'auto.create.topics.enable': 'false',
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  'group.initial.rebalance.delay.ms': '0',
} as const;

/** A small machine: few threads, small buffers, few partitions of its own topics; a lost consumer is noticed soon. */
const MODEST = {
  'offsets.topic.num.partitions': '1',
  'transaction.state.log.num.partitions': '1',
  'share.coordinator.state.topic.num.partitions': '1',
  'group.min.session.timeout.ms': '1000',
  'num.network.threads': '1',
  'num.io.threads': '2',
  'background.threads': '2',
  'log.cleaner.dedupe.buffer.size': '2097152',
  'log.segment.bytes': '16777216',
  'log.index.size.max.bytes': '1048576',
  'broker.session.timeout.ms': '2000',
  'broker.heartbeat.interval.ms': '500',
} as const;

/** @returns the broker's properties file */
export function kafkaProperties(around: Surroundings): string {
  const broker = `${HOST}:${String(portOf(around, 'kafka'))}`;
  const controller = `${HOST}:${String(portOf(around, 'kafka_controller'))}`;
  const own = {
    listeners: `PLAINTEXT://${broker},CONTROLLER://${controller}`,
    'advertised.listeners': `PLAINTEXT://${broker}`,
    'controller.quorum.voters': `1@${controller}`,
    // A properties file takes a backslash for an escape.
    'log.dirs': join(around.places.data, 'kafka').replaceAll('\\', '/'),
  };
  return Object.entries({ ...SETTINGS, ...MODEST, ...own })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
