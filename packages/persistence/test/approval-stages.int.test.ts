import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type ApprovalRule, type ApprovalTimes, type MayDecide, mayDecide } from '@aumos/agf-domain';
import {
  type ApprovalEntity,
  ApprovalCommentsRepository,
  ApprovalsRepository,
  ApproverGroupsRepository,
  MOST_COMMENTS,
  type NewApproval,
  StandingApprovalsRepository,
} from '../src/index.js';
import { tenantA, useDatabase } from './support/database.js';
import { aRunningExecution, newApproval } from './support/rows.js';

const FIFTY = Array.from({ length: 50 }, (_, i) => i);
const stage = (name: string, approvals_required: number, ...approvers: string[]) => ({
  ...{ name, approvers, approvals_required },
});
const rule = (over: Partial<ApprovalRule> = {}): ApprovalRule => ({
  stages: [stage('team', 2, 'team'), stage('admin', 1, 'role:admin')],
  separation_of_duties: [],
  standing_allowed: true,
  policies: [],
  ...over,
});
const TEAM = { name: 'team', members: FIFTY.map((i) => `t-${String(i)}`), roles: [], claims: [] };
const by = (sub: string) => (row: ApprovalEntity) =>
  mayDecide({ sub, roles: [sub.startsWith('a-') ? 'admin' : 'approver'] }, 5, row, [TEAM]);
const anybody = (): MayDecide => ({ allowed: true, rule: 'role:approver' });

describe('approvals that several people decide on', () => {
  const database = useDatabase();
  let tenant: string;
  let execution: string;
  let approvals: ApprovalsRepository;
  beforeEach(async () => {
    tenant = tenantA();
    execution = await aRunningExecution(database.db, tenant);
    approvals = new ApprovalsRepository(database.db);
  });
  const run = <T>(fn: () => Promise<T>): Promise<T> => database.db.run(tenant, fn);
  const open = async (over: Partial<NewApproval> = {}): Promise<string> => {
    const approval = newApproval(execution, { approvals_required: 3, rule: rule(), ...over });
    expect(await run(() => approvals.open(approval))).toBe(true);
    return approval.approval_id;
  };
  const decide = (approval_id: string, actor: string, decision: 'approve' | 'reject' = 'approve') =>
    run(() => approvals.decide({ approval_id, actor, decision, may: by(actor) }));
  const row = async (id: string) => (await run(() => approvals.get(id)))!;

  it('go from stage to stage, each with its people, and keep which rule allowed whom', async () => {
    const id = await open();
    expect(await decide(id, 'a-1')).toEqual({ kind: 'not_theirs', reason: 'approvers' });
    expect(await decide(id, 't-1')).toMatchObject({ kind: 'recorded', approvals: 1, required: 3, reached: null });
    expect(await decide(id, 'T-1')).toEqual({ kind: 'duplicate_actor' });
    expect(await decide(id, 't-2')).toMatchObject({ kind: 'recorded', approvals: 2, reached: 1 });
    expect(await row(id)).toMatchObject({ status: 'pending', stage: 1 });
    expect(await decide(id, 't-3')).toEqual({ kind: 'not_theirs', reason: 'approvers' });
    expect(await decide(id, 'a-1')).toMatchObject({ kind: 'decided', status: 'approved', rule: 'role:admin' });
    const votes = await run(() => approvals.decisionsOf(id));
    expect(votes.map(({ actor, stage, rule }) => [actor, stage, rule])).toEqual([
      ['t-1', 0, 'group:team'],
      ['t-2', 0, 'group:team'],
      ['a-1', 1, 'role:admin'],
    ]);
  });

  describe('once they are escalated', () => {
    const times = (over: Partial<ApprovalTimes>): ApprovalTimes => ({
      ...{ timeout_hours: 24, auto_reject: false, escalation_policy: 'notify_admin', ...over },
    });
    const escalate = (id: string, over: Partial<ApprovalTimes>) => run(() => approvals.escalate(id, times(over)));

    it('may be decided by others besides: reassign', async () => {
      const id = await open();
      expect(await decide(id, 'a-1')).toEqual({ kind: 'not_theirs', reason: 'approvers' });
      expect(await escalate(id, { escalation_policy: 'reassign', escalate_to: ['role:admin'] })).toBe(true);
      expect(await decide(id, 'a-1')).toMatchObject({ kind: 'recorded', rule: 'role:admin' });
    });

    it('need more people of the stage that is asked, and an edit of them says how many: raise', async () => {
      const id = await open({ allowed_decisions: ['approve', 'reject', 'edit'] });
      expect(await escalate(id, { escalation_policy: 'raise', escalated_approvals_required: 4 })).toBe(true);
      for (const one of ['t-1', 't-2', 't-3'])
        expect(await decide(id, one)).toMatchObject({ kind: 'recorded', required: 5, reached: null });
      expect(await decide(id, 't-4')).toMatchObject({ kind: 'recorded', reached: 1 });
      const edit = { approval_id: id, actor: 'a-1', decision: 'edit' as const, given: { n: 1 } };
      expect(await run(() => approvals.decide(edit))).toMatchObject({ kind: 'decided', status: 'edited' });
      expect(await run(() => approvals.takeDecision(id))).toMatchObject({ status: 'edited', approvals_required: 5 });
    });

    it('are what they were beside: notify_admin, and any of them once', async () => {
      const id = await open();
      const before = await row(id);
      const all = await Promise.all(FIFTY.map(() => escalate(id, {})));
      expect(all.filter(Boolean)).toHaveLength(1);
      const { escalated_at, ...after } = await row(id);
      expect(escalated_at).toBeInstanceOf(Date);
      expect(after).toMatchObject({ rule: before.rule, extra_approvers: [], approvals_required: 3, stage: 0 });
      expect(await escalate(id, { escalation_policy: 'raise', escalated_approvals_required: 9 })).toBe(false);
      expect((await row(id)).approvals_required).toBe(3);
    });
  });

  it('count exactly those whom a stage asks for, of fifty at once', async () => {
    const id = await open();
    const all = await Promise.all(FIFTY.map((i) => decide(id, `t-${String(i)}`)));
    const kinds = (kind: string): number => all.filter((one) => one.kind === kind).length;
    expect([kinds('recorded'), kinds('not_theirs')]).toEqual([2, 48]);
    expect(await row(id)).toMatchObject({ status: 'pending', stage: 1 });
  });

  it('are ended by one rejection, in whichever stage', async () => {
    const id = await open();
    await decide(id, 't-1');
    await decide(id, 't-2');
    expect(await decide(id, 'a-1', 'reject')).toMatchObject({ kind: 'decided', status: 'rejected' });
  });

  it('ask for more people in the last stage once that was raised', async () => {
    const id = await open({ rule: rule({ stages: [stage('team', 1, 'team')] }), approvals_required: 2 });
    expect(await decide(id, 't-1')).toMatchObject({ kind: 'recorded', required: 2 });
    expect(await decide(id, 't-2')).toMatchObject({ kind: 'decided' });
  });

  it('keep from where a decision came', async () => {
    const id = await open({ rule: null, approvals_required: 1 });
    const source = { ip: '10.0.0.1', user_agent: 'curl', client_id: 'console' };
    await run(() => approvals.decide({ approval_id: id, actor: 'x', decision: 'approve', source }));
    expect((await run(() => approvals.decisionsOf(id)))[0]).toMatchObject({ source, rule: null, stage: 0 });
  });

  describe('separation of duties', () => {
    it('keeps out who published, and who decided earlier in the execution', async () => {
      const first = await open({ rule: null, approvals_required: 1 });
      await decide(first, 'early');
      const duties = { separation_of_duties: ['publisher', 'earlier_decider'] as const };
      const id = await open({ rule: rule({ separation_of_duties: [...duties.separation_of_duties] }) });
      expect((await row(id)).excluded).toEqual(['dev', 'early']);
      expect((await row(await open())).excluded).toEqual([]);
      const other = await aRunningExecution(database.db, tenant);
      const elsewhere = newApproval(other, { rule: rule({ separation_of_duties: ['earlier_decider'] }) });
      await run(() => approvals.open(elsewhere));
      expect((await row(elsewhere.approval_id)).excluded).toEqual([]);
    });
  });

  describe('delegation', () => {
    const leave = (approval_id: string, from: string, to: string) =>
      run(() => approvals.delegate({ approval_id, from, to, may: by(from) }));

    it('has another decide in place of whoever leaves it, who may take it back', async () => {
      const id = await open();
      expect(await leave(id, 't-1', 'dan')).toMatchObject({
        kind: 'delegated',
        delegation: { from: 't-1', to: 'dan', stage: 0 },
      });
      expect(await decide(id, 't-1')).toEqual({ kind: 'not_theirs', reason: 'delegated' });
      expect(await leave(id, 'dan', 'eve')).toEqual({ kind: 'not_on' });
      expect(await leave(id, 't-1', 'T-1')).toMatchObject({ kind: 'delegated', delegation: null });
      expect(await decide(id, 'dan')).toEqual({ kind: 'not_theirs', reason: 'approvers' });
      await leave(id, 't-1', 'dan');
      expect(await decide(id, 'dan')).toMatchObject({ kind: 'recorded', rule: 'delegated:t-1' });
      expect(await leave(id, 't-1', 'eve')).toMatchObject({ kind: 'delegated' });
    });

    it('is not for who asked, has decided, or does not decide; nor of who has', async () => {
      const id = await open({ edited_by: ['ann'] });
      expect(await leave(id, 'x', 'dan')).toEqual({ kind: 'not_theirs', reason: 'approvers' });
      for (const to of ['dev', 'DEV', 'ann']) expect(await leave(id, 't-1', to)).toEqual({ kind: 'cannot_decide' });
      await decide(id, 't-2');
      expect(await leave(id, 't-1', 't-2')).toEqual({ kind: 'cannot_decide' });
      expect(await leave(id, 't-2', 'dan')).toEqual({ kind: 'duplicate_actor' });
      expect(await leave(randomUUID(), 't-1', 'dan')).toEqual({ kind: 'not_found' });
      await decide(id, 't-3', 'reject');
      await decide(id, 't-1', 'reject');
      expect(await leave(id, 't-4', 'dan')).toEqual({ kind: 'not_pending' });
    });
  });

  describe('claims', () => {
    const claim = (approval_id: string, actor: string, may = anybody) =>
      run(() => approvals.claim({ approval_id, actor, minutes: 5, may }));
    const release = (approval_id: string, actor: string, any = false) =>
      run(() => approvals.release({ approval_id, actor, any }));

    it('are one of fifty at once, and keep others from deciding until they are over', async () => {
      const id = await open({ rule: null, approvals_required: 1 });
      const all = await Promise.all(FIFTY.map((i) => claim(id, `c-${String(i)}`)));
      expect(all.filter((one) => one.kind === 'claimed')).toHaveLength(1);
      expect(all.filter((one) => one.kind === 'taken')).toHaveLength(49);
      const { claimed_by, claimed_until } = await row(id);
      expect(await decide(id, 'x')).toEqual({ kind: 'claimed', by: claimed_by, until: claimed_until });
      expect(await claim(id, claimed_by!)).toMatchObject({ kind: 'claimed' });
      await run(() => database.db.em.query(`update agf_hitl_approvals set claimed_until = now() - interval '1 s'`));
      expect(await release(id, claimed_by!)).toEqual({ kind: 'not_claimed' });
      expect(await decide(id, 'x')).toMatchObject({ kind: 'decided' });
      expect(await claim(id, 'y')).toEqual({ kind: 'not_pending' });
    });

    it('end with the vote, or when they are released', async () => {
      const id = await open({ rule: null, approvals_required: 2 });
      await claim(id, 'ann');
      expect(await release(id, 'bob')).toEqual({ kind: 'not_yours', by: 'ann' });
      expect(await release(id, 'bob', true)).toMatchObject({ kind: 'released', was: 'ann' });
      expect(await release(id, 'ann')).toEqual({ kind: 'not_claimed' });
      await claim(id, 'ann');
      await decide(id, 'ann');
      expect(await row(id)).toMatchObject({ claimed_by: null, status: 'pending' });
      expect(await claim(id, 'ann')).toEqual({ kind: 'duplicate_actor' });
      expect(await claim(id, 'x', () => ({ allowed: false, reason: 'level' }) as never)).toMatchObject({
        kind: 'not_theirs',
      });
      expect(await decide(id, 'bob')).toMatchObject({ kind: 'decided' });
    });
  });

  it('can be talked about, within bounds', async () => {
    const comments = new ApprovalCommentsRepository(database.db);
    const id = await open();
    const say = (text: string) => run(() => comments.add({ approval_id: id, actor: 'ann', text }));
    expect(await say('one')).toMatchObject({ kind: 'commented', comment: { actor: 'ann', text: 'one' } });
    await say('two');
    const listed = await run(() => comments.list(id));
    expect(listed.items.map(({ text }) => text)).toEqual(['two', 'one']);
    await run(() =>
      database.db.em.query(
        `insert into agf_hitl_comments (tenant_id, approval_id, actor, text) select $1, $2, 'x', 'y' from generate_series(1, $3)`,
        [tenant, id, MOST_COMMENTS - 2],
      ),
    );
    expect(await say('too much')).toEqual({ kind: 'too_many' });
    expect(await run(() => comments.add({ approval_id: randomUUID(), actor: 'x', text: 'y' }))).toEqual({
      kind: 'not_found',
    });
  });

  it('know groups by name, as they were put last', async () => {
    const groups = new ApproverGroupsRepository(database.db);
    await run(() => groups.put({ ...TEAM, claims: [{ claim: 'dep', value: 'x' }] }, 'boss'));
    await run(() => groups.put({ ...TEAM, members: ['one'], roles: ['admin'] }, 'chief'));
    expect(await run(() => groups.named(['team', 'role:admin', 'none']))).toEqual([
      { name: 'team', members: ['one'], roles: ['admin'], claims: [] },
    ]);
    expect(await run(() => groups.named(['role:admin']))).toEqual([]);
    expect(await run(() => groups.get('team'))).toMatchObject({ updated_by: 'chief' });
    expect([await run(() => groups.remove('team')), await run(() => groups.remove('team'))]).toEqual([true, false]);
  });

  describe('standing ones', () => {
    const make = (over: { max_uses?: number; expires_at?: Date } = {}) => {
      const standing = new StandingApprovalsRepository(database.db);
      const row = {
        ...{ tool: 't', workflow: null, condition: 'true', reason: 'r', privilege_level: 3 as const, max_uses: 7 },
        ...{ expires_at: new Date(Date.now() + 3_600_000), created_by: 'boss', author_roles: ['approver' as const] },
        ...over,
      };
      return run(() => standing.create(row));
    };
    const standing = () => new StandingApprovalsRepository(database.db);

    it('are used as often as they say, of fifty at once', async () => {
      const { id } = await make();
      const used = await Promise.all(FIFTY.map(() => run(() => standing().use(id))));
      expect(used.filter(Boolean)).toHaveLength(7);
      expect(await run(() => standing().get(id))).toMatchObject({ uses: 7, last_used_at: expect.any(Date) });
      expect(await run(() => standing().inForce('t'))).toEqual([]);
      expect((await run(() => standing().list({ in_force: true }))).total).toBe(0);
      expect((await run(() => standing().list({ in_force: false, tool: 't' }))).total).toBe(1);
    });

    it('are over once their time is, or somebody has revoked them', async () => {
      const over = await make({ expires_at: new Date(Date.now() - 1_000) });
      expect(await run(() => standing().use(over.id))).toBe(false);
      const { id } = await make();
      expect(await run(() => standing().inForce('t'))).toMatchObject([{ id }]);
      expect([
        await run(() => standing().revoke(id, 'ann')),
        await run(() => standing().revoke(id, 'bob')),
        await run(() => standing().use(id)),
      ]).toEqual([true, false, false]);
      expect(await run(() => standing().get(id))).toMatchObject({ revoked_by: 'ann' });
    });
  });
});
