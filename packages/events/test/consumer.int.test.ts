import 'reflect-metadata';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type DomainEvent } from '@aumos/agf-domain';
import { InboxRepository } from '@aumos/agf-persistence';
import { eventually } from '@aumos/agf-testing';
import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Payload } from '@nestjs/microservices';
import { context, trace } from '@opentelemetry/api';
import {
  deadLetterTopicOf,
  type DeliveredEvent,
  HandleEvent,
  ReliableKafkaServer,
  TenantInbox,
  topicOf,
} from '../src/index.js';
import { AsyncContext } from './support/async-context.js';
import { anEvent, FULL_DATA } from './support/events.js';
import { readTopics } from './support/read-topics.js';
import { recordOf, send } from './support/records.js';
import { aWorld, type World } from './support/world.js';

const TYPE = 'agf.workflow.started';
const EFFECT = `insert into agf_audit_log (tenant_id, actor_id, action, resource_type, resource_id, outcome)
  values ($1, 'test', $3, 'event', $2, 'allowed')`;

let world: World;
let topic: string;
let app: INestMicroservice | undefined;
let group: string;
const attempts = new Map<string, number>();
const aborted: string[] = [];
const traces = new Map<string, string | undefined>();

/** Does what the event's workflow_name says. */
@Controller()
class Handlers {
  @HandleEvent(TYPE)
  async started(@Payload() event: DeliveredEvent<typeof TYPE>): Promise<void> {
    const attempt = (attempts.get(event.event_id) ?? 0) + 1;
    attempts.set(event.event_id, attempt);
    traces.set(event.event_id, trace.getActiveSpan()?.spanContext().traceId);
    const [what, argument] = event.message.workflowName.split(':');
    const tenant = what === 'foreign' ? argument : event.tenant_id;
    await world.tenants.em.query(EFFECT, [tenant, event.event_id, 'handled']);
    if (what === 'fail' && attempt <= Number(argument)) throw new Error(`failed ${String(attempt)}`);
    if (what === 'away' && attempt <= Number(argument))
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    if (what === 'hang') await new Promise((resolve) => event.signal.addEventListener('abort', resolve));
    if (what === 'hang') aborted.push(event.event_id);
    if (what === 'slow') await new Promise((resolve) => setTimeout(resolve, Number(argument)));
  }
}
@Module({ controllers: [Handlers] })
class Consumers {}

const does = (what: string, change: Partial<DomainEvent> = {}): DomainEvent =>
  anEvent(TYPE, { data: { ...FULL_DATA[TYPE], workflow_name: what }, ...change });
const options = () => ({
  brokers: world.brokers,
  clientId: 'consumer',
  groupId: group,
  topicPrefix: world.prefix,
  retries: 2,
  backoffMs: 10,
  handlerTimeoutMs: 10_000,
  sessionTimeoutMs: 3_000,
});

async function consume(change: { handlerTimeoutMs?: number } = {}): Promise<ReliableKafkaServer> {
  const strategy = new ReliableKafkaServer({
    ...options(),
    ...change,
    inbox: new TenantInbox(world.tenants, new InboxRepository(world.tenants)),
    onWedged: (why) => {
      throw new Error(why);
    },
  });
  app = await NestFactory.createMicroservice(Consumers, { strategy, logger: false });
  await app.listen();
  return strategy;
}
const stop = async () => {
  await app?.close();
  app = undefined;
};

const effects = async (event: DomainEvent) => {
  const text = 'select tenant_id from agf_audit_log where resource_id = $1';
  return (await world.admin.query(text, [event.event_id])).rows.map((row) => row.tenant_id as string);
};
/** A cluster that has just been started hands out its first groups late. */
jest.setTimeout(90_000);
const handled = (event: DomainEvent) =>
  eventually(async () => (await effects(event)).length > 0, 'the effect', { timeoutMs: 60_000 });
const deadLetters = async () => {
  const records = await readTopics(world.kafka, [deadLetterTopicOf(topic)]);
  return records
    .map(({ message }) =>
      Object.fromEntries(Object.entries(message.headers!).map(([name, text]) => [name, String(text)])),
    )
    .filter((headers) => headers['dlq_group'] === group);
};

/** A group that has handled everything up to now: the topic is shared by the tests. */
async function aGroup(): Promise<string> {
  const groupId = `g-${randomUUID()}`;
  const admin = world.kafka.admin();
  const consumer = world.kafka.consumer({ groupId, maxWaitTimeInMs: 10 });
  await Promise.all([admin.connect(), consumer.connect()]);
  const [end] = await admin.fetchTopicOffsets(topic);
  await consumer.subscribe({ topic });
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.run({ autoCommit: false, eachMessage: () => Promise.resolve() });
  await joined;
  await consumer.commitOffsets([{ topic, partition: 0, offset: end!.high }]);
  await Promise.all([admin.disconnect(), consumer.disconnect()]);
  return groupId;
}

beforeAll(async () => {
  world = await aWorld(1);
  topic = topicOf(TYPE, world.prefix);
  context.setGlobalContextManager(new AsyncContext());
});
afterAll(() => world.close());
beforeEach(async () => {
  group = await aGroup();
});
afterEach(stop);

it('takes effect once although it is delivered twice, and in the trace of its writer', async () => {
  const [event, last] = [does('ok'), does('ok')];
  await send(world.kafka, topic, recordOf(event), recordOf(event), recordOf(last));
  await consume();
  await handled(last);
  expect(await effects(event)).toEqual([event.tenant_id]);
  expect(attempts.get(event.event_id)).toBe(1);
  expect(traces.get(event.event_id)).toBe(event.traceparent!.split('-')[1]);
});

it('repeats what fails, buries what never succeeds, waits for what is away, and goes on', async () => {
  const [flaky, dead, away, last] = [does('fail:2'), does('fail:9'), does('away:5'), does('ok')];
  await send(world.kafka, topic, ...[flaky, dead, away, last].map((event) => recordOf(event)));
  await consume();
  await handled(last);
  expect([await effects(flaky), await effects(dead), await effects(away)].map((rows) => rows.length)).toEqual([
    1, 0, 1,
  ]);
  expect(attempts.get(away.event_id)).toBe(6);
  const letters = await deadLetters();
  expect(letters).toMatchObject([
    { ce_id: dead.event_id, dlq_topic: topic, dlq_partition: '0', dlq_attempts: '3', dlq_error: 'failed 3' },
  ]);
  const { rows } = await world.admin.query('select event_id from agf_inbox where event_id = $1', [dead.event_id]);
  expect(rows).toEqual([]);
});

it('buries at once what cannot be read or names no tenant or two, and acknowledges what it does not know', async () => {
  const [garbage, nobody, twoTenants, unknown, other, last] = [
    does('ok'),
    does('ok'),
    does('ok'),
    does('ok'),
    anEvent('agf.hitl.approved'),
    does('ok'),
  ];
  await send(
    world.kafka,
    topic,
    recordOf(garbage, 1, { value: Buffer.from([0xff, 0xff]) }),
    recordOf(nobody, 1, { headers: { ce_tenantid: 'acme' } }),
    recordOf(twoTenants, 1, { headers: { ce_tenantid: randomUUID() } }),
    recordOf(unknown, 1, { headers: { ce_type: 'agf.workflow.forked' } }),
    recordOf(other),
    recordOf(last),
  );
  await consume();
  await handled(last);
  const letters = await deadLetters();
  expect(letters.map((headers) => headers['ce_id'])).toEqual(
    [garbage, nobody, twoTenants].map((event) => event.event_id),
  );
  expect(letters.map((headers) => headers['dlq_attempts'])).toEqual(['1', '1', '1']);
  for (const event of [garbage, nobody, twoTenants, unknown, other]) expect(await effects(event)).toEqual([]);
});

it('cannot write into another tenant', async () => {
  const victim = randomUUID();
  const [attack, last] = [does(`foreign:${victim}`), does('ok')];
  await send(world.kafka, topic, recordOf(attack), recordOf(last));
  await consume();
  await handled(last);
  expect(await effects(attack)).toEqual([]);
  const [letter] = await deadLetters();
  expect(letter!['dlq_error']).toContain('row-level security');
});

it('drops what is older than what the group has handled of that aggregate', async () => {
  const aggregate = { tenant_id: randomUUID(), aggregate_id: randomUUID() };
  const [newer, older, last] = [does('ok', aggregate), does('ok', aggregate), does('ok')];
  await send(world.kafka, topic, recordOf(newer, 2), recordOf(older, 1), recordOf(last));
  await consume();
  await handled(last);
  expect([await effects(newer), await effects(older)].map((rows) => rows.length)).toEqual([1, 0]);
});

it('aborts a handler that takes too long, rolls it back and buries the event', async () => {
  const [hanging, last] = [does('hang'), does('ok')];
  await send(world.kafka, topic, recordOf(hanging), recordOf(last));
  await consume({ handlerTimeoutMs: 300 });
  await handled(last);
  expect(await effects(hanging)).toEqual([]);
  expect(aborted).toEqual([hanging.event_id, hanging.event_id, hanging.event_id]);
  expect((await deadLetters())[0]).toMatchObject({ dlq_error: 'handler timeout after 300 ms' });
});

describe('ends', () => {
  it('gracefully: what is in hand is finished and not handled again', async () => {
    const [slow, next] = [does('slow:300'), does('ok')];
    await send(world.kafka, topic, recordOf(slow), recordOf(next));
    await consume();
    await eventually(() => attempts.get(slow.event_id), 'the handler');
    await stop();
    expect((await effects(slow)).length).toBe(1);
    expect(await effects(next)).toEqual([]);
    await consume();
    await handled(next);
    expect(attempts.get(slow.event_id)).toBe(1);
  });

  it('by kill -9 in the middle of a handler: the effect is there once', async () => {
    const [event, next] = [does('ok'), does('ok')];
    await send(world.kafka, topic, recordOf(event), recordOf(next));
    const settings = {
      ...options(),
      databaseUrl: world.db.appUrl,
      eventType: TYPE,
      effect: EFFECT,
      handlerTimeoutMs: 60_000,
    };
    const child = fork(new URL('./support/consumer-child.mjs', import.meta.url), [JSON.stringify(settings)]);
    await once(child, 'message');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await effects(event)).toEqual([]);
    await consume();
    await handled(next);
    expect(await effects(event)).toEqual([event.tenant_id]);
  });
});
