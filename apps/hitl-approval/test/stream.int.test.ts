import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApprovalsRepository } from '@aumos/agf-persistence';
import type { TokenClaims } from '@aumos/agf-platform/testing';
import { eventually, serverSentEvents } from '@aumos/agf-testing';
import { type ListeningApprovals, startApprovals } from './support/listening-approvals.js';

interface Told {
  id: number;
  event: string;
  data: { approval_id: string; status: string; stage: number; me: { may_decide: boolean; reason?: string } };
}

describe('the stream of approvals', () => {
  let one: ListeningApprovals;
  let other: ListeningApprovals;
  let tenant: string;
  const ends: AbortController[] = [];
  beforeAll(async () => {
    one = await startApprovals({ AUMOS_AGF_APPROVAL_STREAMS_PER_TENANT: '3' });
    other = await startApprovals({
      AUMOS_AGF_DATABASE_URL: one.database.appUrl,
      AUMOS_AGF_RELAY_DATABASE_URL: one.database.relayUrl,
      AUMOS_AGF_SWEEPER_DATABASE_URL: one.database.sweeperUrl,
    });
  }, 120_000);
  afterAll(async () => {
    for (const end of ends) end.abort();
    await other.close();
    await one.close();
  });
  beforeEach(() => {
    tenant = randomUUID();
  });

  interface Asked {
    of?: string;
    from?: ListeningApprovals;
    query?: string;
    after?: number | string;
    claims?: TokenClaims;
  }
  const ask = async ({ of = tenant, from = one, query = '', after, claims }: Asked = {}): Promise<
    [Response, AbortController]
  > => {
    const end = new AbortController();
    ends.push(end);
    const authorization = await from.authorization({ tenant_id: of, ...claims });
    const answer = await fetch(`${from.url}/api/v1/hitl/stream${query}`, {
      headers: { authorization, ...(after === undefined ? {} : { 'last-event-id': String(after) }) },
      signal: end.signal,
    });
    return [answer, end];
  };
  const read = async (answer: Response, told: Told[]): Promise<void> => {
    for await (const one of serverSentEvents(answer)) told.push(one as unknown as Told);
  };
  /** Once it has begun. */
  const follow = async (asked: Asked = {}) => {
    const [answer, end] = await ask(asked);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const told: Told[] = [];
    const ended = read(answer, told).catch(() => undefined);
    // It is at the present once it has looked.
    await sleep(300);
    return { told, ended, end };
  };
  const shown = (told: Told[]) => told.map(({ event, data }) => [event, data.approval_id, data.status]);
  const approve = async (id: string, sub: string, by = one): Promise<void> => {
    const answer = await by.call(tenant, 'POST', `/${id}/approve`, { body: {}, claims: { sub } });
    expect(answer.status).toBe(200);
  };

  it('tells what is asked for, changed and decided from now on, once, by whichever instance', async () => {
    const before = await one.ask(tenant);
    const streams = await Promise.all([one, other].map((from) => follow({ from, query: '?max_seconds=4' })));
    const id = await one.ask(tenant, { approvals_required: 2 });
    await approve(id, 'ann');
    await approve(id, 'bob', other);
    await approve(before, 'ann', other);
    await one.db.run(tenant, () =>
      new ApprovalsRepository(one.db).consume({ approval_id: id, payload_hash: 'h', effect_key: 'e' }),
    );
    for (const { told, ended } of streams) {
      await ended;
      expect(shown(told)).toEqual([
        ['opened', id, 'pending'],
        ['changed', id, 'pending'],
        ['decided', id, 'approved'],
        ['decided', before, 'approved'],
        ['changed', id, 'consumed'],
      ]);
    }
    // What the follower may do is of when it is told.
    const changes = streams.map(({ told }) => told.map(({ data: { me: _, ...data }, ...one }) => ({ ...one, data })));
    expect(changes[0]).toEqual(changes[1]);
  });

  it('tells each what they may do with it, as the inbox does', async () => {
    const two = await Promise.all([
      follow({ claims: { sub: 'ann' } }),
      follow({ claims: { sub: 'vic', realm_access: { roles: ['viewer'] } } }),
    ]);
    await one.ask(tenant);
    const [decider, viewer] = two;
    for (const { told } of two) await eventually(() => told.length === 1, 'the event');
    expect(decider.told[0]!.data).toMatchObject({ stage: 0, me: { may_decide: true, rule: 'role:admin' } });
    expect(viewer.told[0]!.data.me).toEqual({ may_decide: false, reason: 'role' });
  });

  it('tells of a reminder, a claim, a delegation and an escalation, and not that a decision was taken', async () => {
    const { told } = await follow();
    const approvals = new ApprovalsRepository(one.db);
    const id = await one.ask(tenant);
    await one.db.run(tenant, () => approvals.remind(id, 1));
    expect((await one.call(tenant, 'POST', `/${id}/claim`, { body: {}, claims: { sub: 'ann' } })).status).toBe(200);
    await one.db.run(tenant, () => approvals.escalate(id));
    await approve(id, 'ann');
    await one.db.run(tenant, () => approvals.takeDecision(id));
    await eventually(() => told.length === 5, 'five');
    await sleep(1_500);
    expect(told.map(({ event }) => event)).toEqual(['opened', 'changed', 'changed', 'changed', 'decided']);
  });

  it('goes on after what was received, at another instance, with nothing missing and nothing twice', async () => {
    const first = await follow();
    const begun = await one.ask(tenant);
    await eventually(() => first.told.length === 1, 'the first');
    first.end.abort();
    const missed = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? one : other).ask(tenant)));
    const rest = await follow({ from: other, after: first.told[0]!.id });
    const later = await one.ask(tenant);
    await eventually(() => rest.told.length === 21, 'the rest');
    expect(new Set(rest.told.slice(0, 20).map(({ data }) => data.approval_id))).toEqual(new Set(missed));
    expect(rest.told[20]!.data.approval_id).toBe(later);
    expect(rest.told.map(({ data }) => data.approval_id)).not.toContain(begun);
    const again = await follow({ after: rest.told[9]!.id, query: '?max_seconds=1' });
    await again.ended;
    expect(again.told).toEqual(rest.told.slice(10));
  });

  it('misses nothing that was written while others were seen: what is committed late comes late', async () => {
    const { told } = await follow();
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const [start, startOfEarly] = [await one.ask(tenant), await one.ask(tenant)];
    await eventually(() => told.length === 2, 'both');
    const approvals = new ApprovalsRepository(one.db);
    // Written before the other, committed after it.
    const slow = one.db.run(tenant, async () => {
      await approvals.remind(start, 1);
      await gate;
    });
    await approve(startOfEarly, 'ann');
    await eventually(() => told.length === 3, 'the one that is committed');
    open();
    await slow;
    await eventually(() => told.length === 4, 'the one that was late');
    expect(told.slice(2).map(({ data }) => data.approval_id)).toEqual([startOfEarly, start]);
    const ids = told.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort((x, y) => x - y));
  });

  it('loses nothing for who reads slowly, and keeps nobody else waiting', async () => {
    const [slow] = await ask();
    const fast = await follow();
    const COUNT = 20_000;
    const id = await one.ask(tenant);
    // More than the connection takes without being read.
    await one.db.run(tenant, (em) =>
      em.query(
        `insert into agf_hitl_approval_changes (tenant_id, approval_id, kind, status, stage)
         select $1, $2, 'changed', 'pending', n from generate_series(1, $3::int) n`,
        [tenant, id, COUNT],
      ),
    );
    await eventually(() => fast.told.length === COUNT + 1, 'the fast one');
    const told: Told[] = [];
    void read(slow, told).catch(() => undefined);
    await eventually(() => told.length === COUNT + 1, 'the slow one');
    expect(told).toEqual(fast.told);
    expect(told.slice(1).map(({ data }) => data.stage)).toEqual(Array.from({ length: COUNT }, (_, i) => i + 1));
  });

  it("shows nothing of another tenant's", async () => {
    const stranger = randomUUID();
    const theirs = await one.ask(stranger);
    const position = Date.now() - 60_000;
    const { told } = await follow({ of: stranger });
    const resumed = await follow({ of: stranger, after: position });
    await one.ask(tenant);
    const last = await one.ask(stranger);
    await eventually(() => told.length === 1 && resumed.told.length === 2, 'their own');
    await sleep(1_000);
    expect(told.map(({ data }) => data.approval_id)).toEqual([last]);
    expect(resumed.told.map(({ data }) => data.approval_id)).toEqual([theirs, last]);
  });

  it('says that what was missed is not kept, and goes on from now', async () => {
    await one.ask(tenant);
    const { told } = await follow({ after: Date.now() - 8 * 86_400_000 });
    const next = await one.ask(tenant);
    await eventually(() => told.length === 2, 'both');
    expect(told.map(({ event }) => event)).toEqual(['reset', 'opened']);
    expect(told[1]!.data.approval_id).toBe(next);
    expect(told[1]!.id).toBeGreaterThan(told[0]!.id);
  });

  it('is followed by so many of a tenant at once; a place is free again when somebody has gone', async () => {
    const three = [await follow(), await follow(), await follow()];
    const [refused] = await ask();
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([429, 'RATE_LIMIT_EXCEEDED']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const [elsewhere] = await ask({ of: randomUUID() });
    expect(elsewhere.status).toBe(200);
    three[0]!.end.abort();
    await eventually(async () => (await ask())[0].status === 200, 'a place');
  });

  it.each([
    ['?max_seconds=0', undefined, 'max_seconds'],
    ['?max_seconds=3601', undefined, 'max_seconds'],
    ['?status=pending', undefined, 'status'],
    ['', 'x', 'Last-Event-ID'],
  ])('refuses %s %j', async (query, after, field) => {
    const [answer] = await ask({ query, ...(after === undefined ? {} : { after }) });
    const problem = (await answer.json()) as { code: string; details: { fields: { field: string }[] } };
    expect([answer.status, problem.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(problem.details.fields[0]!.field).toBe(field);
  });
});
