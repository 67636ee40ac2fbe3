import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Accepted,
  ExecutionsRepository,
  IdempotencyRepository,
  QuotaRepository,
  type StartConditions,
} from '../src/index.js';
import { tenantA, useDatabase } from './support/database.js';
import { anExecution, aRunningExecution, aWorkflow, newExecution } from './support/rows.js';

const ERROR = { code: 'X', message: 'm', node: 'a', visit: 1, attempts: 1, details: {} };
const FIFTY = Array.from({ length: 50 });

describe('ExecutionsRepository', () => {
  const database = useDatabase();
  let tenant: string;
  let workflow: string;
  let executions: ExecutionsRepository;
  let quota: QuotaRepository;
  beforeEach(async () => {
    tenant = tenantA();
    workflow = await aWorkflow(database.db, tenant);
    executions = new ExecutionsRepository(database.db);
    quota = new QuotaRepository(database.db);
  });
  const run = <T>(fn: () => Promise<T>): Promise<T> => database.db.run(tenant, fn);
  const accept = (conditions: StartConditions, over = {}): Promise<Accepted> =>
    executions.accept(tenant, newExecution(workflow, over), conditions);
  const inUse = async (): Promise<number> => (await run(() => quota.usage())).in_use;
  const key = (name: string, body_hash: string): StartConditions => ({
    defaultLimit: 100,
    idempotency: { scope: 'execute', key: name, body_hash },
  });

  describe('accept', () => {
    it('writes the pending row as it was given', async () => {
      const start = newExecution(workflow, {
        input_data: { text: 'ü \\u0000 "quoted"', list: [1, null] },
        breaker_permit: { id: 'p', links: [] },
        traceparent: '00-t',
      });
      const accepted = await executions.accept(tenant, start, { defaultLimit: 1 });
      const written = await run(() => executions.get(start.id));
      expect(written).toMatchObject({
        ...start,
        tenant_id: tenant,
        status: 'pending',
        holds_slot: true,
        dispatched_at: null,
      });
      expect(accepted).toEqual({ kind: 'accepted', execution_id: start.id, execution: { ...written } });
    });

    it.each([[null], ['text'], [[1, 2]], [false]])('keeps %j as input', async (input_data) => {
      const id = await anExecution(database.db, tenant, workflow);
      const accepted = await accept({ defaultLimit: 9 }, { input_data });
      expect(accepted.kind).toBe('accepted');
      const row = await run(() => executions.get((accepted as { execution_id: string }).execution_id));
      expect(row?.input_data).toEqual(input_data);
      expect(id).not.toBe(row?.id);
    });

    it('refuses what jsonb cannot hold, before the database does', async () => {
      await expect(accept({ defaultLimit: 1 }, { input_data: { a: 'b\u0000' } })).rejects.toMatchObject({
        code: 'VALIDATION_ERROR',
      });
      await expect(accept({ defaultLimit: 1 }, { input_data: '\ud800' })).rejects.toMatchObject({
        code: 'VALIDATION_ERROR',
      });
    });

    it('refuses a version that was never published', async () => {
      await expect(accept({ defaultLimit: 1 }, { workflow_version: 2 })).rejects.toThrow(/foreign key/);
      expect(await inUse()).toBe(0);
    });

    it('replays a key for the same body, and takes no second slot', async () => {
      const first = await accept(key('k', 'body'));
      expect(first).toMatchObject({ kind: 'accepted' });
      const { execution_id } = first as { execution_id: string };
      expect(await accept(key('k', 'body'))).toEqual({ kind: 'replay', execution_id });
      expect(await accept(key('k', 'other body'))).toEqual({ kind: 'key_reused' });
      expect(await inUse()).toBe(1);
    });

    it('makes one execution of one key used 50 times at once', async () => {
      const answers = await Promise.all(FIFTY.map(() => accept(key('k', 'body'))));
      expect(answers.filter((one) => one.kind === 'accepted')).toHaveLength(1);
      expect(new Set(answers.map((one) => (one as { execution_id: string }).execution_id)).size).toBe(1);
      expect(await inUse()).toBe(1);
    });

    it('knows no key of a start that failed', async () => {
      await expect(accept(key('k', 'body'), { workflow_version: 2 })).rejects.toThrow(/foreign key/);
      expect(await accept(key('k', 'another body'))).toMatchObject({ kind: 'accepted' });
    });

    it('forgets a key when its time is over', async () => {
      const brief = { ...key('k', 'body'), idempotency: { ...key('k', 'body').idempotency!, ttl_seconds: -1 } };
      expect(await accept(brief)).toMatchObject({ kind: 'accepted' });
      expect(await accept(key('k', 'another body'))).toMatchObject({ kind: 'accepted' });
    });

    it('takes exactly the limit of 50 at once', async () => {
      const answers = await Promise.all(FIFTY.map(() => accept({ defaultLimit: 10 })));
      expect(answers.filter((one) => one.kind === 'accepted')).toHaveLength(10);
      expect(answers.filter((one) => one.kind === 'quota_exceeded')).toHaveLength(40);
      expect(await inUse()).toBe(10);
      expect((await run(() => executions.list())).total).toBe(10);
    });

    it('frees the key of a start that the quota refused', async () => {
      await accept({ defaultLimit: 1 });
      expect(await accept({ ...key('k', 'body'), defaultLimit: 1 })).toEqual({ kind: 'quota_exceeded' });
      expect(await accept(key('k', 'body'))).toMatchObject({ kind: 'accepted' });
    });

    it("asks the tenant's own limit first", async () => {
      await run(() => quota.setLimit(1));
      expect((await accept({ defaultLimit: 5 })).kind).toBe('accepted');
      expect((await accept({ defaultLimit: 5 })).kind).toBe('quota_exceeded');
      await run(() => quota.setLimit(null));
      expect((await accept({ defaultLimit: 5 })).kind).toBe('accepted');
    });
  });

  describe('its changes', () => {
    it('go from pending to running once', async () => {
      const id = await anExecution(database.db, tenant, workflow);
      expect(await run(() => executions.markDispatched(id))).toBe(true);
      expect(await run(() => executions.setCurrentNode(id, 'a'))).toBe(false);
      expect(await run(() => executions.markRunning(id))).toBe(true);
      expect(await run(() => executions.markRunning(id))).toBe(false);
      expect(await run(() => executions.markDispatched(id))).toBe(false);
      expect(await run(() => executions.setCurrentNode(id, 'a'))).toBe(true);
      expect(await run(() => executions.get(id))).toMatchObject({
        status: 'running',
        current_node: 'a',
        started_at: expect.any(Date),
        dispatched_at: expect.any(Date),
      });
    });

    it('end it once, and give its slot back once, of 20 at once', async () => {
      const id = await aRunningExecution(database.db, tenant);
      await anExecution(database.db, tenant);
      const ends = await Promise.all(
        FIFTY.slice(0, 20).map((_, i) =>
          run(() => executions.finish(id, i % 2 ? { status: 'completed', output: null } : { status: 'cancelled' })),
        ),
      );
      const [ended, ...others] = ends.filter(Boolean);
      expect(others).toEqual([]);
      expect(ended).toMatchObject({
        breaker_permit: null,
        started_at: expect.any(Date),
        completed_at: expect.any(Date),
      });
      expect(await inUse()).toBe(1);
    });

    it('keep output and error of the end', async () => {
      const done = await aRunningExecution(database.db, tenant);
      await run(() => executions.finish(done, { status: 'completed', output: { rows: 3 } }));
      const failed = await anExecution(database.db, tenant);
      await run(() => executions.finish(failed, { status: 'failed', error: ERROR, output: { not: 'kept' } }));
      expect(await run(() => executions.get(done))).toMatchObject({
        status: 'completed',
        output_data: { rows: 3 },
        error_details: null,
        holds_slot: false,
        completed_at: expect.any(Date),
      });
      expect(await run(() => executions.get(failed))).toMatchObject({ output_data: null, error_details: ERROR });
      expect(await inUse()).toBe(0);
      expect(await run(() => executions.markRunning(failed))).toBe(false);
    });

    it('note the first who wants to cancel, and the status found', async () => {
      const id = await aRunningExecution(database.db, tenant);
      expect(await run(() => executions.requestCancel(id, 'one'))).toEqual({ status: 'running', first: true });
      expect(await run(() => executions.requestCancel(id, 'two'))).toEqual({ status: 'running', first: false });
      expect((await run(() => executions.get(id)))?.cancel_requested_by).toBe('one');
      expect(await run(() => executions.markCancelDelivered(id))).toBe(true);
      expect(await run(() => executions.markCancelDelivered(id))).toBe(false);
      await run(() => executions.finish(id, { status: 'cancelled' }));
      expect(await run(() => executions.requestCancel(id, 'one'))).toEqual({ status: 'cancelled', first: false });
      expect(await run(() => executions.requestCancel(randomUUID(), 'one'))).toBeNull();
    });

    it('keep updated_at', async () => {
      const id = await anExecution(database.db, tenant, workflow);
      const before = await run(() => executions.get(id));
      await run(() => executions.markRunning(id));
      const after = await run(() => executions.get(id));
      expect(after!.updated_at.getTime()).toBeGreaterThanOrEqual(before!.updated_at.getTime());
      expect(after!.updated_at).not.toEqual(after!.created_at);
    });
  });

  describe('list', () => {
    it('filters', async () => {
      const [pending, running] = [
        await anExecution(database.db, tenant, workflow),
        await aRunningExecution(database.db, tenant),
      ];
      const ids = async (query: object): Promise<string[]> =>
        (await run(() => executions.list(query))).items.map((row) => row.id);
      expect(await ids({ status: 'pending' })).toEqual([pending]);
      expect(await ids({ workflow_id: workflow })).toEqual([pending]);
      expect(await ids({ started_after: new Date(0) })).toEqual([running]);
      expect(await ids({ started_before: new Date(0) })).toEqual([]);
      expect(await ids({ sort_order: 'asc' })).toEqual([pending, running]);
      expect(await ids({ sort_by: 'started_at' })).toEqual([running, pending]);
    });

    it('gives pages with a total', async () => {
      for (let i = 0; i < 5; i++) await anExecution(database.db, tenant, workflow);
      const page = await run(() => executions.list({ page: 2, page_size: 2 }));
      expect([page.items.length, page.total]).toEqual([2, 5]);
      expect((await run(() => executions.list({ page: 3, page_size: 2 }))).items).toHaveLength(1);
      expect((await run(() => executions.list({ page_size: 100_000 }))).items).toHaveLength(5);
    });

    it.each(['asc', 'desc'] as const)('goes on after a cursor, %s, to the microsecond', async (sort_order) => {
      for (let i = 0; i < 7; i++) await anExecution(database.db, tenant, workflow);
      // Several in one millisecond, and two in one microsecond.
      await run(() =>
        database.db.em.query(
          `update agf_workflow_executions e set created_at = timestamptz '2026-01-01' + (n / 2) * interval '1 microsecond'
           from (select id, row_number() over (order by id) as n from agf_workflow_executions) o where o.id = e.id`,
        ),
      );
      const seen: string[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await run(() => executions.list({ page_size: 2, sort_order, cursor }));
        seen.push(...page.items.map((row) => row.id));
        if (page.next_cursor === null) break;
        cursor = page.next_cursor;
      }
      expect(seen).toHaveLength(7);
      expect(new Set(seen).size).toBe(7);
    });

    it('refuses a cursor that is not ours', async () => {
      await expect(run(() => executions.list({ cursor: "x' or true" }))).rejects.toMatchObject({
        code: 'VALIDATION_ERROR',
      });
    });
  });

  describe('QuotaRepository', () => {
    it('gives exactly 10 of 50 at once', async () => {
      const taken = await Promise.all(FIFTY.map(() => run(() => quota.takeSlot(10))));
      expect(taken.filter(Boolean)).toHaveLength(10);
    });

    it('goes over the limit only by force, and never below none', async () => {
      expect(await run(() => quota.takeSlot(1))).toBe(true);
      await run(async () => quota.forceTake());
      expect(await run(() => quota.usage())).toEqual({ in_use: 2, limit: null });
      expect(await run(() => quota.takeSlot(2))).toBe(false);
      for (let i = 0; i < 3; i++) await run(async () => quota.releaseSlot());
      expect(await inUse()).toBe(0);
    });
  });

  describe('IdempotencyRepository', () => {
    it('is new once, replays, and finds another body', async () => {
      const keys = new IdempotencyRepository(database.db);
      const claim = { scope: 's', key: 'k', body_hash: 'b', resource_id: randomUUID() };
      expect(await run(() => keys.claim(claim))).toEqual({ kind: 'new' });
      expect(await run(() => keys.claim({ ...claim, resource_id: randomUUID() }))).toEqual({
        kind: 'replay',
        resource_id: claim.resource_id,
      });
      expect(await run(() => keys.claim({ ...claim, body_hash: 'c' }))).toEqual({ kind: 'conflict' });
      expect(await run(() => keys.claim({ ...claim, scope: 't', ttl_seconds: -1 }))).toEqual({ kind: 'new' });
      expect(await run(() => keys.claim({ ...claim, scope: 't', body_hash: 'c' }))).toEqual({ kind: 'new' });
    });
  });
});
