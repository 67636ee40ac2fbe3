import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { auditLine, auditHeadLine, AuditVerification } from '@aumos/agf-domain';
import { decodeEvent, type ReceivedEvent } from '@aumos/agf-events';
import { AuditRepository } from '@aumos/agf-persistence';
import { eventually, report, sizeOfRun, testStack, WebServer } from '@aumos/agf-testing';
import { Kafka, logLevel } from 'kafkajs';
import { type ListeningApprovals, startApprovals } from './support/listening-approvals.js';

/** Asked for at once, and decided at once. */
const APPROVALS = sizeOfRun('AGF_STORM', 500);
const PEOPLE = 10;
/** Each approval is meant by two bulks and one single decision. */
const SHARE = (2 * APPROVALS) / PEOPLE;

const tenant = randomUUID();
const prefix = `t-${randomUUID().slice(0, 8)}.`;
let web: WebServer;
let instances: ListeningApprovals[];

jest.setTimeout(300_000);
beforeAll(async () => {
  web = await WebServer.start();
  const shared = {
    AUMOS_AGF_KAFKA_TOPIC_PREFIX: prefix,
    AUMOS_AGF_SECRETS_KEY: randomBytes(32).toString('base64'),
  };
  const one = await startApprovals(shared);
  const { appUrl, relayUrl, sweeperUrl } = one.database;
  const other = await startApprovals({
    ...shared,
    AUMOS_AGF_DATABASE_URL: appUrl,
    AUMOS_AGF_RELAY_DATABASE_URL: relayUrl,
    AUMOS_AGF_SWEEPER_DATABASE_URL: sweeperUrl,
  });
  instances = [one, other];
});
afterAll(async () => {
  for (const instance of instances.reverse()) await instance.close();
  await web.close();
});

const at = (index: number): ListeningApprovals => instances[index % instances.length]!;
const person = (index: number): string => `person-${String(index % PEOPLE)}`;
const approver = (sub: string) => ({ sub, realm_access: { roles: ['approver'] } });

interface Attempt {
  id: string;
  sub: string;
  decision: 'approve' | 'reject';
  taken: boolean;
}

async function inBulk(index: number, ids: string[]): Promise<Attempt[]> {
  const [sub, decision] = [person(index), index % 3 === 0 ? ('reject' as const) : ('approve' as const)];
  const decisions = ids.map((id) => ({ id, decision, notes: `${sub}:${id}` }));
  const { status, body } = await at(index).call(tenant, 'POST', '/bulk', {
    body: { decisions },
    claims: approver(sub),
  });
  if (status !== 200) throw new Error(JSON.stringify(body));
  const { results } = body as { results: { id: string; outcome: string; code?: string }[] };
  expect(results.map(({ id }) => id)).toEqual(ids);
  for (const { outcome, code } of results) if (outcome === 'refused') expect(code).toBe('INVALID_STATE');
  return results.map(({ id, outcome }) => ({ id, sub, decision, taken: outcome === 'decided' }));
}

/** By others than the bulks: who has decided so already is told so again. */
async function singly(index: number, id: string): Promise<Attempt> {
  const sub = `other-${person(index)}`;
  const asked = { body: { notes: `${sub}:${id}` }, claims: approver(sub) };
  const { status } = await at(index).call(tenant, 'POST', `/${id}/approve`, asked);
  expect([200, 422]).toContain(status);
  return { id, sub, decision: 'approve', taken: status === 200 };
}

/** What the storm's approvals told on Kafka, once as much as wanted is there. */
async function published(wanted: number): Promise<ReceivedEvent[]> {
  const kafka = new Kafka({ clientId: 'storm', brokers: testStack().kafka.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((name) => name.startsWith(prefix) && !name.includes('dead'));
  await admin.disconnect();
  const consumer = kafka.consumer({ groupId: `storm-${randomUUID()}`, maxWaitTimeInMs: 50 });
  const events: ReceivedEvent[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ message }) => {
      const event = decodeEvent(message.headers, message.value);
      if (event) events.push(event);
    },
  });
  const decided = (): ReceivedEvent[] =>
    events.filter(({ event_type }) => /^agf\.hitl\.(approved|rejected)$/.test(event_type));
  await eventually(() => decided().length >= wanted, `${String(wanted)} events`, { timeoutMs: 60_000 });
  // What is doubled comes later.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await consumer.disconnect();
  return decided();
}

const sorted = (list: readonly string[]): string[] => [...list].sort();
/** As it is, in the database of both. */
const rows = <T extends object>(sql: string): Promise<T[]> => at(0).db.run(tenant, (em) => em.query<T[]>(sql));

it(`${String(APPROVALS)} asked for at once and decided at once: none is lost, doubled or misrouted`, async () => {
  const hook = { kind: 'webhook', name: 'storm', settings: { url: web.url('/storm') } };
  expect((await at(0).call(tenant, 'POST', '/channels', { body: hook })).status).toBe(201);
  const began = Date.now();
  const ids = await Promise.all(Array.from({ length: APPROVALS }, (_, index) => at(index).ask(tenant)));
  const asked = Date.now();

  const share = (index: number): string[] =>
    Array.from({ length: SHARE }, (_, nth) => ids[((index * SHARE) / 2 + nth) % APPROVALS]!);
  const bulks = Array.from({ length: PEOPLE }, (_, index) => inBulk(index, share(index)));
  const singles = ids.map((id, index) => singly(index, id));
  const attempts = [...(await Promise.all(bulks)).flat(), ...(await Promise.all(singles))];
  const decided = Date.now();

  const taken = attempts.filter((one) => one.taken);
  expect(sorted(taken.map(({ id }) => id))).toEqual(sorted(ids));
  const stored = await rows<{ id: string; status: string; decided_by: string; decision_notes: string }>(
    'select id, status, decided_by, decision_notes from agf_hitl_approvals',
  );
  const meant = taken.map(({ id, sub, decision }) => `${id} ${decision} ${sub} ${sub}:${id}`);
  const VERB: Record<string, string> = { approved: 'approve', rejected: 'reject' };
  const got = stored.map((row) => `${row.id} ${VERB[row.status]!} ${row.decided_by} ${row.decision_notes}`);
  expect(sorted(got)).toEqual(sorted(meant));
  const votes = await rows<{ approval_id: string; actor: string }>('select approval_id, actor from agf_hitl_decisions');
  expect(sorted(votes.map(({ approval_id, actor }) => `${approval_id} ${actor}`))).toEqual(
    sorted(taken.map(({ id, sub }) => `${id} ${sub}`)),
  );

  const events = await published(APPROVALS);
  expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(events.length);
  const TYPE = { approve: 'agf.hitl.approved', reject: 'agf.hitl.rejected' };
  expect(sorted(events.map((one) => `${one.event_type} ${one.aggregate_id} ${one.tenant_id} ${one.actor_id}`))).toEqual(
    sorted(taken.map(({ id, sub, decision }) => `${TYPE[decision]} ${id} ${tenant} ${sub}`)),
  );

  const audit = at(0).app.get(AuditRepository);
  const [head, entries] = await at(0).db.run(tenant, async () => {
    const newest = await audit.head();
    return [newest, await audit.after(0, newest.position, newest.position)];
  });
  const chain = new AuditVerification();
  for (const entry of entries) chain.take(auditLine(entry));
  chain.take(auditHeadLine(head));
  expect(chain.end()).toMatchObject({ finding: null, verified: head.position });
  const recorded = entries.filter(
    ({ action, outcome }) => /approval\.(approve|reject)/.test(action) && outcome === 'allowed',
  );
  expect(sorted(recorded.map((one) => `${one.action} ${one.resource_id} ${one.actor_id}`))).toEqual(
    sorted(taken.map(({ id, sub, decision }) => `approval.${decision} ${id} ${sub}`)),
  );

  await eventually(() => web.requests.length >= 2 * APPROVALS, 'the deliveries', { timeoutMs: 120_000 });
  const delivered = Date.now();
  const told = web.requests.map(({ headers, body }) => {
    const { type, data } = JSON.parse(body) as { type: string; data: { approval_id: string } };
    return { id: String(headers['webhook-id']), what: `${type} ${data.approval_id}` };
  });
  // A delivery whose answer came too late is sent again under its own id: its receiver knows it by that.
  const unique = new Map(told.map(({ id, what }) => [id, what]));
  const kinds = ['approval.requested', 'approval.decided'];
  expect(sorted([...unique.values()])).toEqual(sorted(ids.flatMap((id) => kinds.map((kind) => `${kind} ${id}`))));
  const counts = {
    'asked, ms': asked - began,
    'decisions tried': attempts.length,
    'decided, ms': decided - asked,
    'delivered, ms after': delivered - decided,
    'sent again': told.length - unique.size,
  };
  report('storm', `storm: ${String(APPROVALS)} approvals`, {
    seed: 0,
    duration_ms: delivered - began,
    counts,
    failures: [],
  });
});
