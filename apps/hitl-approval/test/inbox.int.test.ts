import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type ApproverGroup,
  type ApproverRef,
  mayDecide,
  type PrivilegeLevel,
  type Role,
  samePerson,
} from '@aumos/agf-domain';
import {
  type ApprovalEntity,
  ApprovalInboxRepository,
  ApprovalsRepository,
  ApproverGroupsRepository,
  createDataSource,
  type Delegation,
  FamiliesRepository,
  MembersRepository,
  TenantDb,
} from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { Logger } from '@nestjs/common';
import type { ApprovalActor } from '../src/approvals/act-on-approval.js';
import { JudgeDecider } from '../src/approvals/judge-decider.js';
import type { ApprovalSettings } from '../src/config.js';
import { ApprovalLinks } from '../src/inbox/approval-links.js';
import { CountInbox } from '../src/inbox/count-inbox.js';
import { InboxQueryDto } from '../src/inbox/inbox.dto.js';
import { ReadInbox } from '../src/inbox/read-inbox.js';
import { ReaderOf } from '../src/inbox/reader-of.js';
import { aStart } from './support/listening-approvals.js';
import { useCases } from './support/use-cases.js';

/** Numbers from 0 on, below `most`: the same ones each time. */
function numbers(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}

const SUBS = ['ann', 'Ann ', 'ａｎｎ', 'bob', 'carl', 'DORA', 'dora', 'eve', 'finn', 'ŁUKASZ', 'łukasz', 'starter'];
const REFS: ApproverRef[] = ['risk', 'legal', 'gone', 'role:admin', 'role:approver', 'role:auditor'];
const GROUPS: ApproverGroup[] = [
  { name: 'risk', members: ['ann', 'Carl'], roles: [], claims: [] },
  { name: 'legal', members: [], roles: ['auditor'], claims: [{ claim: 'department', value: 'legal' }] },
];
const APPROVALS = 160;

describe('the inbox', () => {
  let database: FreshDatabase;
  let source: Awaited<ReturnType<typeof createDataSource>>;
  let db: TenantDb;
  let read: ReadInbox;
  let count: CountInbox;
  const tenant = randomUUID();
  const random = numbers(7);
  const any = <T>(of: readonly T[]): T => of[random(of.length)]!;
  const some = <T>(of: readonly T[], most: number): T[] => Array.from({ length: random(most + 1) }, () => any(of));

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await freshDatabase();
    source = await createDataSource(database.appUrl, { applicationName: 'inbox-test', poolSize: 5 });
    db = new TenantDb(source);
    const [inbox, groups] = [new ApprovalInboxRepository(db), new ApproverGroupsRepository(db)];
    const settings = { agentMaxPrivilegeLevel: 5, consoleUrl: 'https://console.test/' } as unknown as ApprovalSettings;
    const readers = new ReaderOf(inbox, groups, new JudgeDecider(new MembersRepository(db), groups, settings));
    const [approvals, families] = [new ApprovalsRepository(db), new FamiliesRepository(db)];
    read = new ReadInbox(db, inbox, approvals, families, readers, new ApprovalLinks(settings));
    count = new CountInbox(db, inbox, readers);
    await db.run(tenant, async () => {
      for (const group of GROUPS) await groups.put(group, 'admin');
      await new MembersRepository(db).upsert({ sub: 'finn', roles: ['approver'], privilege_level: 2 });
    });
    for (let i = 0; i < APPROVALS; i++) await asked();
    await votes();
  }, 120_000);
  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });

  /** One of any shape, as rules, edits, escalations and delegations leave it. */
  async function asked(): Promise<void> {
    const { requested_at: _at, notify: _notify, tenant_id: _tenant, ...start } = await aStart(db, tenant);
    const stages = Array.from({ length: 1 + random(3) }, (_, at) => ({
      ...{ name: `s${String(at)}`, approvers: some(REFS, 2), approvals_required: 1 + random(2) },
    }));
    const rule = { stages, separation_of_duties: [], standing_allowed: false, policies: [] };
    const stage = random(stages.length);
    const delegation = (): Delegation => ({
      ...{ stage: random(stages.length), from: any(SUBS), to: any(SUBS), at: new Date().toISOString(), notes: null },
    });
    const delegations = random(3) === 0 ? [delegation(), delegation()] : [];
    await db.run(tenant, async (em) => {
      await new ApprovalsRepository(db).open({
        ...start,
        ...{ rule: random(5) === 0 ? null : rule, requested_by: any(SUBS), edited_by: some(SUBS, 1) },
        ...{ privilege_level: (1 + random(5)) as PrivilegeLevel, approvals_required: 3, temporal_workflow_id: 't' },
        ...{ auto_reject_on_timeout: random(2) === 0, gate_name: any(['g', 'h']) },
        expires_at: new Date(Date.now() + (random(10) === 0 ? -1 : 1) * 1_800_000 * (1 + random(4))).toISOString(),
      });
      await em.query(
        `update agf_hitl_approvals set stage = $2, excluded = $3, extra_approvers = $4, delegations = $5 where id = $1`,
        [start.approval_id, stage, some(SUBS, 1), some(REFS, 1), JSON.stringify(delegations)],
      );
    });
  }

  async function votes(): Promise<void> {
    const { decide, claim } = useCases(db);
    for (const row of await pending()) {
      const actor = person(any(SUBS), ['approver', 'admin', 'auditor'], 5);
      const does = random(5);
      if (does < 2) await decide.run({ actor, approval_id: row.id, decision: 'approve' }).catch(() => undefined);
      if (does === 2) await claim.run(actor, row.id).catch(() => undefined);
    }
  }

  const pending = (): Promise<ApprovalEntity[]> =>
    db.run(tenant, async () => {
      const [all, left] = await Promise.all([page(1), page(2)]);
      return [...all, ...left];
    });
  const page = async (number: number): Promise<ApprovalEntity[]> =>
    (await new ApprovalsRepository(db).list({ status: 'pending', page_size: 100, page: number })).items;
  const person = (sub: string, roles: Role[], level: PrivilegeLevel, claims = {}): ApprovalActor => ({
    ...{ sub, tenant_id: tenant, roles, privilege_level: level, claims },
  });
  const query = (over: Partial<InboxQueryDto> = {}): InboxQueryDto => Object.assign(new InboxQueryDto(), over);

  /** All pages, one by one. */
  async function idsOf(actor: ApprovalActor, over: Partial<InboxQueryDto> = {}): Promise<string[]> {
    const ids: string[] = [];
    for (let number = 1; ; number++) {
      const answer = await read.run(actor, query({ page_size: 7, ...over, page: number }));
      ids.push(...answer.items.map(({ id }) => id));
      if (!answer.has_next) return ids;
    }
  }
  async function byCursor(actor: ApprovalActor, over: Partial<InboxQueryDto> = {}): Promise<string[]> {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const answer = await read.run(actor, query({ page_size: 7, ...over, ...(cursor === null ? {} : { cursor }) }));
      ids.push(...answer.items.map(({ id }) => id));
      cursor = answer.next_cursor;
    } while (cursor !== null);
    return ids;
  }

  /** As the domain says of each row by itself. */
  async function expected(actor: ApprovalActor): Promise<ApprovalEntity[]> {
    const rows = await pending();
    const all = await db.run(tenant, () => new ApprovalsRepository(db).decisionsOf(...rows.map(({ id }) => id)));
    const level = Math.min(actor.privilege_level, samePerson(actor.sub, 'finn') ? 2 : 5) as PrivilegeLevel;
    return rows.filter(
      (row) =>
        mayDecide(actor, level, row, GROUPS).allowed &&
        !all.some((vote) => vote.approval_id === row.id && samePerson(vote.actor, actor.sub)) &&
        (!row.auto_reject_on_timeout || row.expires_at > new Date()),
    );
  }

  it('shows each person what the domain says they may decide, by number and by cursor', async () => {
    const rows = await pending();
    expect(rows.length).toBeGreaterThan(APPROVALS / 2);
    expect(rows.some(({ voters }) => voters.length > 0)).toBe(true);
    let found = 0;
    for (const sub of [...SUBS, 'nobody'])
      for (const roles of [['approver'], ['admin'], ['auditor', 'approver'], ['developer']] as Role[][]) {
        const actor = person(sub, roles, (1 + random(5)) as PrivilegeLevel, any([{}, { department: ['legal'] }]));
        const theirs = (await expected(actor)).map(({ id }) => id);
        expect(await idsOf(actor)).toEqual(theirs);
        expect(await byCursor(actor)).toEqual(theirs);
        expect((await count.run(actor)).me.total).toBe(theirs.length);
        found += theirs.length;
      }
    expect(found).toBeGreaterThan(500);
  }, 120_000);

  it('shows all that is pending, each with whether the caller may, and why not', async () => {
    const actor = person('ann', ['approver'], 3);
    const mine = new Set((await expected(actor)).map(({ id }) => id));
    const { items, total } = await read.run(actor, query({ for: 'all', page_size: 100 }));
    expect(total).toBe((await pending()).length);
    for (const { id, execution_id, me, links } of items) {
      expect(me).toEqual(
        mine.has(id)
          ? { may_decide: true, rule: expect.any(String) as unknown }
          : { may_decide: false, reason: expect.any(String) as unknown },
      );
      expect(links).toEqual({
        ...{ self: `/api/v1/hitl/${id}`, page: `https://console.test/approvals/${id}` },
        execution: `/api/v1/executions/${execution_id}`,
      });
    }
    expect(new Set(items.map(({ me }) => me.reason)).size).toBeGreaterThan(4);
  });

  it('filters, by each of what it may be asked for', async () => {
    const actor = person('eve', ['admin'], 5);
    const rows = await pending();
    const some = rows[3]!;
    const holds = (row: ApprovalEntity): boolean => row.claimed_by !== null && row.claimed_until! > new Date();
    const asks = (row: ApprovalEntity, ref: string): boolean => {
      const named = row.rule?.stages[row.stage]?.approvers ?? [];
      return named.length > 0 && [...named, ...row.extra_approvers].includes(ref);
    };
    const cases: [Partial<InboxQueryDto>, (row: ApprovalEntity) => boolean][] = [
      [{ workflow_id: some.workflow_id }, (row) => row.workflow_id === some.workflow_id],
      [{ workflow_name: 'none' }, () => false],
      [{ execution_id: some.execution_id }, (row) => row.execution_id === some.execution_id],
      [{ gate_name: 'h' }, (row) => row.gate_name === 'h'],
      [{ tool: 'table_load' }, () => true],
      [{ min_level: 3, max_level: 4 }, (row) => row.privilege_level === 3 || row.privilege_level === 4],
      [{ group: 'risk' }, (row) => asks(row, 'risk')],
      [{ group: 'nobodys' }, () => false],
      [{ older_than_minutes: 60 }, () => false],
      [{ expires_within_minutes: 45 }, (row) => row.expires_at.getTime() < Date.now() + 45 * 60_000],
      [{ claimed: 'free' }, (row) => !holds(row)],
      [{ claimed: 'mine' }, (row) => holds(row) && samePerson(row.claimed_by!, 'eve')],
      [{ claimed: 'others' }, (row) => holds(row) && !samePerson(row.claimed_by!, 'eve')],
    ];
    for (const [over, isOne] of cases)
      expect([over, await idsOf(actor, { for: 'all', ...over })]).toEqual([
        over,
        rows.filter(isOne).map(({ id }) => id),
      ]);
    expect(rows.filter(holds).length).toBeGreaterThan(3);
  });

  it.each(['created_at', 'expires_at', 'privilege_level'] as const)('sorts by %s, both ways', async (sort_by) => {
    const actor = person('eve', ['admin'], 5);
    const up = await idsOf(actor, { for: 'all', sort_by, sort_order: 'asc' });
    const rows = new Map((await pending()).map((row) => [row.id, Number(row[sort_by])]));
    expect(up.map((id) => rows.get(id))).toEqual([...rows.values()].sort((one, other) => one - other));
    expect(await byCursor(actor, { for: 'all', sort_by, sort_order: 'asc' })).toEqual(up);
    expect(await idsOf(actor, { for: 'all', sort_by, sort_order: 'desc' })).toEqual([...up].reverse());
    expect(await byCursor(actor, { for: 'all', sort_by, sort_order: 'desc' })).toEqual([...up].reverse());
  });

  it('goes on after a cursor whatever comes and goes before it', async () => {
    const actor = person('eve', ['admin'], 5);
    const before = await idsOf(actor, { for: 'all' });
    const first = await read.run(actor, query({ for: 'all' }));
    await db.run(tenant, () => new ApprovalsRepository(db).cancel(before[0]!));
    const more = await read.run(actor, query({ for: 'all', cursor: first.next_cursor! }));
    expect(more.items.map(({ id }) => id)).toEqual(before.slice(20, 40));
    const wrong = { code: 'VALIDATION_ERROR', details: { fields: [{ field: 'cursor' }] } };
    for (const cursor of ['x', first.next_cursor!.slice(0, -4), `privilege_level.9.x`])
      await expect(read.run(actor, query({ cursor }))).rejects.toMatchObject(wrong);
    const other = query({ cursor: first.next_cursor!, sort_by: 'expires_at' });
    await expect(read.run(actor, other)).rejects.toMatchObject(wrong);
  });

  it('counts by workflow, level and group', async () => {
    const actor = person('ann', ['approver'], 4);
    const [rows, mine] = [await pending(), await expected(actor)];
    const counts = await count.run(actor);
    for (const [of, view] of [
      [rows, counts.all],
      [mine, counts.me],
    ] as const) {
      expect(view.total).toBe(of.length);
      for (const { privilege_level, total } of view.by_level)
        expect(total).toBe(of.filter((row) => row.privilege_level === privilege_level).length);
      expect(view.by_workflow.reduce((sum, { total }) => sum + total, 0)).toBe(of.length);
      expect(view.expiring).toBe(of.filter((row) => row.expires_at.getTime() <= Date.now() + 3_600_000).length);
      const oldest = Math.min(...of.map((row) => row.created_at.getTime()));
      expect(view.oldest).toBe(new Date(oldest).toISOString());
    }
    expect(counts.all.by_group.map(({ group }) => group)).toEqual(['gone', 'legal', 'risk']);
  });

  it('shows another tenant nothing', async () => {
    const stranger = { ...person('ann', ['admin'], 5), tenant_id: randomUUID() };
    expect(await read.run(stranger, query({ for: 'all' }))).toMatchObject({ items: [], total: 0, next_cursor: null });
    expect((await count.run(stranger)).all).toMatchObject({ total: 0, oldest: null, by_group: [] });
  });
});
