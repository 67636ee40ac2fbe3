import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Json } from '@aumos/agf-domain';
import { ApprovalsRepository, type NewApproval } from '../src/index.js';
import { tenantA, useDatabase } from './support/database.js';
import { aRunningExecution, newApproval } from './support/rows.js';

const PAST = new Date(Date.now() - 1_000).toISOString();
const FIFTY = Array.from({ length: 50 }, (_, i) => i);

describe('ApprovalsRepository', () => {
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
    const approval = newApproval(execution, over);
    await run(() => approvals.open(approval));
    return approval.approval_id;
  };
  const decide = (approval_id: string, actor = 'boss', decision: 'approve' | 'reject' = 'approve', notes?: string) =>
    run(() => approvals.decide({ approval_id, actor, decision, notes }));
  const status = async (id: string) => (await run(() => approvals.get(id)))?.status;
  const call = (approval_id: string, effect_key = 'e/load/1', payload_hash = 'hash-of-it') =>
    run(() => approvals.consume({ approval_id, payload_hash, effect_key }));

  it('opens once, as it was given', async () => {
    const approval = newApproval(execution);
    expect(await run(() => approvals.open(approval))).toBe(true);
    expect(await run(() => approvals.open({ ...approval, action_description: 'another' }))).toBe(false);
    const { approval_id: id, expires_at, ...rest } = approval;
    expect(await run(() => approvals.get(id))).toMatchObject({
      ...rest,
      id,
      status: 'pending',
      expires_at: new Date(expires_at),
      decided_by: null,
    });
  });

  describe('decide', () => {
    it('approves, and tells the workflow once it asks', async () => {
      const id = await open();
      expect(await run(() => approvals.takeDecision(id))).toBeNull();
      expect(await decide(id, 'boss', 'approve', 'fine')).toMatchObject({
        kind: 'decided',
        status: 'approved',
        approval: { id, decided_by: 'boss', decision_notes: 'fine', taken_at: null },
      });
      const told = { approval_id: id, status: 'approved', decided_by: ['boss'], notes: 'fine' };
      expect(await run(() => approvals.takeDecision(id))).toMatchObject(told);
      const taken = (await run(() => approvals.get(id)))?.taken_at;
      expect(taken).toBeInstanceOf(Date);
      expect(await run(() => approvals.takeDecision(id))).toMatchObject(told);
      expect((await run(() => approvals.get(id)))?.taken_at).toEqual(taken);
    });

    it('rejects', async () => {
      const id = await open();
      expect(await decide(id, 'boss', 'reject', 'no')).toMatchObject({ kind: 'decided', status: 'rejected' });
      expect(await run(() => approvals.takeDecision(id))).toMatchObject({
        status: 'rejected',
        decided_by: ['boss'],
        notes: 'no',
      });
      expect(await decide(id, 'chief')).toEqual({ kind: 'not_pending' });
    });

    it('has exactly one winner of 50 at once', async () => {
      const id = await open();
      const all = await Promise.all(FIFTY.map((i) => decide(id, `boss-${String(i)}`, i % 2 ? 'approve' : 'reject')));
      expect(all.filter((one) => one.kind === 'decided')).toHaveLength(1);
      expect(all.filter((one) => one.kind === 'not_pending')).toHaveLength(49);
      const row = await run(() => approvals.get(id));
      const winner = all.find((one) => one.kind === 'decided')!;
      expect(row).toMatchObject({ status: winner.status, decided_by: winner.approval.decided_by });
      expect(await run(() => approvals.decisionsOf(id))).toHaveLength(1);
    });

    it('counts an actor once of 50 times at once', async () => {
      const id = await open({ approvals_required: 2 });
      const all = await Promise.all(FIFTY.map(() => decide(id)));
      expect(all.filter((one) => one.kind === 'recorded')).toHaveLength(1);
      expect(all.filter((one) => one.kind === 'duplicate_actor')).toHaveLength(49);
      expect(await status(id)).toBe('pending');
    });

    it('needs as many different approvers as it says, also at once', async () => {
      const id = await open({ approvals_required: 3 });
      expect(await decide(id, 'one')).toMatchObject({ kind: 'recorded', approvals: 1, required: 3, reached: null });
      for (const sub of ['ONE', 'one ']) expect(await decide(id, sub)).toEqual({ kind: 'duplicate_actor' });
      const both = await Promise.all([decide(id, 'two'), decide(id, 'three')]);
      expect(both.map((one) => one.kind).sort()).toEqual(['decided', 'recorded']);
      expect((await run(() => approvals.takeDecision(id)))?.decided_by.sort()).toEqual(['one', 'three', 'two']);
    });

    it('is ended by one rejection, whoever approved before', async () => {
      const id = await open({ approvals_required: 2 });
      await decide(id, 'one');
      expect(await decide(id, 'two', 'reject')).toMatchObject({ kind: 'decided', status: 'rejected' });
      expect((await run(() => approvals.takeDecision(id)))?.decided_by).toEqual(['two']);
    });

    it('is not for who asked, and not for what is not there', async () => {
      const id = await open({ requested_by: 'dev' });
      for (const sub of ['dev', 'DEV', ' dev', 'de\u200bv'])
        expect(await decide(id, sub)).toEqual({ kind: 'requester' });
      expect(await decide(randomUUID())).toEqual({ kind: 'not_found' });
      expect(await status(id)).toBe('pending');
    });

    describe('edits and responses', () => {
      const ALL = ['approve', 'reject', 'edit', 'respond'] as const;
      const give = (approval_id: string, decision: 'edit' | 'respond', given: Json, actor = 'boss') =>
        run(() => approvals.decide({ approval_id, actor, decision, given }));

      it.each<['edit' | 'respond', string, Json]>([
        ['edit', 'edited', { table: 'other' }],
        ['respond', 'answered', [1, null, 'x']],
        ['respond', 'answered', null],
      ])('%s: it is %s, and the workflow is told of it', async (decision, status, given) => {
        const id = await open({ allowed_decisions: [...ALL] });
        expect(await give(id, decision, given)).toMatchObject({ kind: 'decided', status });
        expect(await run(() => approvals.takeDecision(id))).toMatchObject({ status, given, decided_by: ['boss'] });
        expect(await decide(id, 'chief')).toEqual({ kind: 'not_pending' });
        expect(await call(id)).toBe('refused');
      });

      it('are only for approvals that allow them', async () => {
        const id = await open();
        const allowed = ['approve', 'reject'];
        expect(await give(id, 'edit', {})).toEqual({ kind: 'not_allowed', allowed });
        expect(await give(id, 'respond', 1)).toEqual({ kind: 'not_allowed', allowed });
        expect(await run(() => approvals.decisionsOf(id))).toEqual([]);
      });

      it('leave who edited without a say on what was written', async () => {
        const id = await open({ allowed_decisions: [...ALL], edited_by: ['ann', 'boss'] });
        for (const decision of ALL)
          expect(await run(() => approvals.decide({ approval_id: id, actor: 'ann', decision }))).toEqual({
            kind: 'editor',
          });
        expect(await decide(id, 'chief')).toMatchObject({ kind: 'decided', status: 'approved' });
      });

      it('have exactly one winner of 50 decisions of all kinds at once', async () => {
        const id = await open({ allowed_decisions: [...ALL] });
        const all = await Promise.all(
          FIFTY.map((i) =>
            run(() =>
              approvals.decide({ approval_id: id, actor: `b-${String(i)}`, decision: ALL[i % 4]!, given: { i } }),
            ),
          ),
        );
        expect(all.filter((one) => one.kind === 'decided')).toHaveLength(1);
        expect(await run(() => approvals.decisionsOf(id))).toHaveLength(1);
      });
    });

    it('comes too late after the deadline, unless the gate escalates', async () => {
      const over = await open({ expires_at: PAST, auto_reject_on_timeout: true });
      expect(await decide(over)).toEqual({ kind: 'not_pending' });
      expect(await run(() => approvals.decisionsOf(over))).toEqual([]);
      const escalated = await open({ expires_at: PAST, auto_reject_on_timeout: false });
      expect(await decide(escalated)).toMatchObject({ kind: 'decided' });
    });
  });

  describe('expire, escalate, cancel', () => {
    it('expire what is pending, once, and tell it', async () => {
      const id = await open();
      expect([await run(() => approvals.expire(id)), await run(() => approvals.expire(id))]).toEqual([true, false]);
      expect(await run(() => approvals.takeDecision(id))).toMatchObject({ status: 'expired', decided_by: [] });
      expect(await decide(id)).toEqual({ kind: 'not_pending' });
    });

    it('let one of decision and expiry win', async () => {
      for (let i = 0; i < 10; i++) {
        const id = await open();
        const [decided, expired] = await Promise.all([decide(id), run(() => approvals.expire(id))]);
        expect(decided.kind === 'decided').toBe(!expired);
        expect(await status(id)).toBe(expired ? 'expired' : 'approved');
      }
    });

    it('escalate once, and leave it pending', async () => {
      const id = await open();
      expect([await run(() => approvals.escalate(id)), await run(() => approvals.escalate(id))]).toEqual([true, false]);
      expect(await status(id)).toBe('pending');
    });

    it('cancel what is pending alone', async () => {
      const [pending, approved] = [await open(), await open()];
      await decide(approved);
      expect(await run(() => approvals.cancel(pending))).toBe(true);
      expect(await run(() => approvals.cancel(approved))).toBe(false);
      expect(await run(() => approvals.takeDecision(pending))).toMatchObject({ status: 'cancelled', decided_by: [] });
    });
  });

  describe('consume', () => {
    it('is once of 50 at once, and known again by who did it', async () => {
      const id = await open();
      await decide(id);
      const all = await Promise.all(FIFTY.map((i) => call(id, `e/load/${String(i)}`)));
      expect(all.filter((one) => one === 'consumed')).toHaveLength(1);
      expect(all.filter((one) => one === 'refused')).toHaveLength(49);
      const by = (await run(() => approvals.get(id)))!.consumed_by!;
      expect(await call(id, by)).toBe('already_consumed_by_this');
      expect(await call(id, by, 'another hash')).toBe('refused');
      expect(await run(() => approvals.takeDecision(id))).toMatchObject({ status: 'approved', decided_by: ['boss'] });
    });

    it('is refused for anything but what was approved', async () => {
      const id = await open();
      expect(await call(id)).toBe('refused');
      await decide(id);
      expect(await call(id, 'e/load/1', 'hash of other arguments')).toBe('refused');
      expect(await call(randomUUID())).toBe('refused');
      expect(await call(id)).toBe('consumed');
    });

    it.each(['reject', 'expire', 'cancel'] as const)('is refused after %s', async (how) => {
      const id = await open();
      if (how === 'reject') await decide(id, 'boss', 'reject');
      else await run(() => approvals[how](id));
      expect(await call(id)).toBe('refused');
    });

    it('is open after the deadline to what was approved in time', async () => {
      const id = await open();
      await decide(id);
      await run(() => database.db.em.query('update agf_hitl_approvals set expires_at = $1', [PAST]));
      expect(await call(id)).toBe('consumed');
    });
  });

  it('lists by filters, and what is open of an execution', async () => {
    const [one, two] = [await open(), await open({ gate_name: 'other' })];
    await decide(one);
    const ids = async (query: object) => (await run(() => approvals.list(query))).items.map((row) => row.id);
    expect((await ids({})).sort()).toEqual([one, two].sort());
    expect(await ids({ status: 'pending' })).toEqual([two]);
    expect(await ids({ gate_name: 'platform' })).toEqual([one]);
    expect(await ids({ execution_id: randomUUID() })).toEqual([]);
    expect((await run(() => approvals.openOf(execution))).map((row) => row.id)).toEqual([two]);
  });
});
