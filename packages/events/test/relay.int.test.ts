import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aggregateKey, type DomainEvent } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import pg from 'pg';
import { decodeEvent, Nudges, topicOf } from '../src/index.js';
import { anEvent, FULL_DATA } from './support/events.js';
import { readTopics } from './support/read-topics.js';
import { aWorld, type World } from './support/world.js';

let world: World;
beforeAll(async () => {
  world = await aWorld();
});
afterAll(() => world.close());

const drained = () => eventually(async () => (await world.unpublished()) === 0, 'an empty outbox');
const idsOn = async (...types: DomainEvent['event_type'][]) =>
  (
    await readTopics(
      world.kafka,
      types.map((type) => topicOf(type, world.prefix)),
    )
  ).map(({ message }) => ({
    id: String(message.headers!['ce_id']),
    key: String(message.key),
    version: Number(message.headers!['ce_aggregateversion']),
  }));

it('brings every event to its topic once, in the order of its aggregate, with two relays', async () => {
  const relays = [world.relay(), world.relay({ lanes: 1 })];
  for (const relay of relays) relay.start();
  const aggregates = Array.from({ length: 20 }, () => ({ tenant_id: randomUUID(), aggregate_id: randomUUID() }));
  const events = Array.from({ length: 200 }, (_, i) => anEvent('agf.workflow.started', aggregates[i % 20]));
  await world.append(...events);
  await drained();
  await Promise.all(relays.map((relay) => relay.stop()));
  const got = await idsOn('agf.workflow.started');
  expect(got.map(({ id }) => id).sort()).toEqual(events.map((event) => event.event_id).sort());
  for (const aggregate of new Set(events.map(aggregateKey))) {
    const versions = got.filter(({ key }) => key === aggregate).map(({ version }) => version);
    expect(versions).toEqual(Array.from({ length: 10 }, (_, i) => i + 1));
  }
});

it('lets a poisoned event block its own aggregate only, and go on once it is repaired', async () => {
  const sick = { tenant_id: randomUUID(), aggregate_id: randomUUID() };
  const [first, poison, behind, other] = [
    anEvent('agf.hitl.approved', sick),
    anEvent('agf.hitl.approved', { ...sick, data: { approval_id: 'x' } }),
    anEvent('agf.hitl.approved', sick),
    anEvent('agf.hitl.approved', { tenant_id: sick.tenant_id }),
  ];
  await world.append(first, poison, behind, other);
  const relay = world.relay();
  relay.start();
  try {
    await eventually(async () => (await world.unpublished()) === 2, 'the healthy ones');
    const { rows } = await world.admin.query('select failed_attempts, last_error from agf_outbox where id = $1', [
      poison.event_id,
    ]);
    expect(rows).toEqual([{ failed_attempts: 1, last_error: 'HitlApproved: decided_by is missing' }]);
    expect(relay.health()).toEqual({ status: 'up' });
    expect((await idsOn('agf.hitl.approved')).map(({ id }) => id).sort()).toEqual(
      [first.event_id, other.event_id].sort(),
    );
    await world.admin.query('update agf_outbox set data = $2, retry_at = null where id = $1', [
      poison.event_id,
      FULL_DATA['agf.hitl.approved'],
    ]);
    await drained();
    const own = (await idsOn('agf.hitl.approved')).filter(({ key }) => key === aggregateKey(first));
    expect(own.map(({ id }) => id)).toEqual([first, poison, behind].map((event) => event.event_id));
  } finally {
    await relay.stop();
  }
});

it('keeps a batch below what the broker takes at once', async () => {
  const big = 'x'.repeat(250_000);
  const tenant_id = randomUUID();
  const data = { ...FULL_DATA['agf.hitl.rejected'], notes: big };
  const events = Array.from({ length: 8 }, () =>
    anEvent('agf.hitl.rejected', { tenant_id, aggregate_id: 'one', data }),
  );
  await world.append(...events);
  const relay = world.relay();
  relay.start();
  await drained();
  await relay.stop();
  expect((await idsOn('agf.hitl.rejected')).map(({ id }) => id)).toEqual(events.map((event) => event.event_id));
});

it('is woken by a nudge long before its poll', async () => {
  const nudges = new Nudges();
  const relay = world.relay({ pollMs: 60_000, nudges });
  relay.start();
  const event = anEvent('agf.agent.invoked');
  await world.append(event);
  const { rows } = await world.admin.query('select shard from agf_outbox where id = $1', [event.event_id]);
  nudges.tell(Number(rows[0].shard));
  await drained();
  await relay.stop();
  const [record] = await readTopics(world.kafka, [topicOf('agf.agent.invoked', world.prefix)]);
  expect(decodeEvent(record!.message.headers, record!.message.value)).toMatchObject(event);
});

describe('the role agf_relay', () => {
  it('forgets what was published long ago, and nothing else', async () => {
    const [old, young, unpublished] = [
      anEvent('agf.agent.invoked'),
      anEvent('agf.agent.invoked'),
      anEvent('agf.agent.invoked'),
    ];
    await world.append(old, young, unpublished);
    const age = (id: string, days: number) =>
      world.admin
        .query(`update agf_outbox set published_at = now() where id = $1`, [id])
        .then(() => world.admin.query(`alter table agf_outbox disable trigger user`))
        .then(() =>
          world.admin.query(`update agf_outbox set published_at = now() - make_interval(days => $2) where id = $1`, [
            id,
            days,
          ]),
        )
        .then(() => world.admin.query(`alter table agf_outbox enable trigger user`));
    await age(old.event_id, 8);
    await age(young.event_id, 3);
    const relay = world.relay();
    expect(await relay.deletePublished(7)).toBe(1);
    await relay.stop();
    const { rows } = await world.admin.query('select id from agf_outbox where id = any($1)', [
      [old, young, unpublished].map((e) => e.event_id),
    ]);
    expect(rows.map(({ id }) => id as string).sort()).toEqual([young.event_id, unpublished.event_id].sort());
  });

  it('can neither change a fact nor see other tables', async () => {
    const client = new pg.Client(world.db.relayUrl);
    await client.connect();
    for (const sql of [
      `update agf_outbox set data = '{}'`,
      'delete from agf_inbox',
      'select 1 from agf_workflow_executions',
      'insert into agf_outbox default values',
    ])
      await expect(client.query(sql)).rejects.toThrow('permission denied');
    await client.end();
  });
});
