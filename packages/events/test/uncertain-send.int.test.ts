import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { aggregateKey } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { topicOf } from '../src/index.js';
import { anEvent } from './support/events.js';
import { FlakySender } from './support/flaky-sender.js';
import { readTopics } from './support/read-topics.js';
import { aWorld, type World } from './support/world.js';

let world: World;
beforeAll(async () => {
  world = await aWorld();
});
afterAll(() => world.close());

const TYPES = ['agf.workflow.started', 'agf.workflow.completed'] as const;
const someEvents = () => {
  const aggregates = Array.from({ length: 12 }, () => ({ tenant_id: randomUUID(), aggregate_id: randomUUID() }));
  return Array.from({ length: 72 }, (_, i) => anEvent(TYPES[Math.floor(i / 36)]!, aggregates[i % 12]));
};

async function mustBeThereOnce(events: ReturnType<typeof someEvents>) {
  await eventually(async () => (await world.unpublished()) === 0, 'an empty outbox');
  const wanted = new Set(events.map((event) => event.event_id));
  const records = await readTopics(
    world.kafka,
    TYPES.map((type) => topicOf(type, world.prefix)),
  );
  const own = records.filter(({ message }) => wanted.has(String(message.headers!['ce_id'])));
  expect(own.map(({ message }) => String(message.headers!['ce_id'])).sort()).toEqual([...wanted].sort());
  for (const key of new Set(events.map(aggregateKey)))
    for (const type of TYPES) {
      const versions = own
        .filter(({ topic, message }) => topic === topicOf(type, world.prefix) && String(message.key) === key)
        .map(({ message }) => Number(message.headers!['ce_aggregateversion']));
      expect(versions).toEqual([...versions].sort((a, b) => a - b));
    }
}

it('sends no event twice and loses none when sends fail before, in the middle and after', async () => {
  const sender = new FlakySender(world.brokers);
  const relay = world.relay({ sender, settleMs: 50, batchSize: 5 });
  const events = someEvents();
  await world.append(...events);
  relay.start();
  await mustBeThereOnce(events);
  await relay.stop();
  expect(sender.sends).toBeGreaterThan(12);
});

it.each(['before', 'after'] as const)('sends no event twice when the relay is killed %s its send', async (die) => {
  const events = someEvents();
  await world.append(...events);
  const options = {
    databaseUrl: world.db.relayUrl,
    brokers: world.brokers,
    clientId: 'dying',
    topicPrefix: world.prefix,
  };
  const child = fork(new URL('./support/relay-child.mjs', import.meta.url), [JSON.stringify({ ...options, die })]);
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  const { rows } = await world.admin.query(
    'select count(*)::int as n from agf_outbox where sending_at is not null and published_at is null',
  );
  expect(rows[0].n).toBeGreaterThan(0);
  const relay = world.relay();
  relay.start();
  await mustBeThereOnce(events);
  await relay.stop();
});
