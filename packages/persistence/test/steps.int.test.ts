import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  AuditRepository,
  ExecutionsRepository,
  type NewStep,
  QuotaRepository,
  StepsRepository,
  VisitsRepository,
} from '../src/index.js';
import { tenantA, useDatabase } from './support/database.js';
import { anExecution, aStep, aWorkflow, endedVisit, newExecution } from './support/rows.js';

describe('the steps of an execution', () => {
  const database = useDatabase();
  const tenant = tenantA();
  const run = <T>(fn: () => Promise<T>): Promise<T> => database.db.run(tenant, fn);
  let steps: StepsRepository;
  let execution: string;
  beforeAll(async () => {
    steps = new StepsRepository(database.db);
    execution = await anExecution(database.db, tenant);
    const item = { edge: 1, index: 0, value: { deep: [1, '\u0000'] } };
    await run(() =>
      steps.record(execution, [
        aStep(1),
        aStep(2, { due: { b: [{ visit: 1, item }], a: [{ visit: 2, item: null }] }, joins: { 0: [1] } }),
        aStep(3, { due: { b: [{ visit: 2, item: null }] }, writes: { log: [1, [2]], last: [null] } }),
        aStep(4, { due: {}, ended: true }),
      ]),
    );
  });

  it('are as they were told, but for what cannot be stored', async () => {
    const { items, total } = await run(() => steps.page(execution, { page_size: 3 }));
    expect(total).toBe(4);
    expect(items.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(items[1]?.due).toEqual({
      a: [{ visit: 2, item: null }],
      b: [{ visit: 1, item: { edge: 1, index: 0, value: { deep: [1, '\uFFFD'] } } }],
    });
    expect(items[1]?.joins).toEqual({ 0: [1] });
    expect(items[2]).toMatchObject({ writes: { log: [1, [2]], last: [null] }, base: null, ended: false });
    expect((await run(() => steps.page(execution, { sort_order: 'desc', page_size: 1 }))).items[0]?.ended).toBe(true);
  });

  it('stay as they were, told again', async () => {
    await run(() => steps.record(execution, [aStep(3, { writes: { other: [1] } }), aStep(4)]));
    expect(await run(() => steps.find(execution, 3))).toMatchObject({ writes: { log: [1, [2]] } });
    expect(await run(() => steps.find(execution, 5))).toBeNull();
    const change = run(() => database.db.em.query('update agf_execution_steps set ended = true'));
    await expect(change).rejects.toThrow(/permission denied/);
  });

  it('are read in parts', async () => {
    const part = (after: number, upTo: number, most: number): Promise<NewStep[]> =>
      run(() => steps.between(execution, { after, upTo }, most));
    expect((await part(0, 3, 2)).map(({ step }) => step)).toEqual([1, 2]);
    expect((await part(2, 3, 2)).map(({ step }) => step)).toEqual([3]);
    expect(await part(4, 9, 2)).toEqual([]);
  });

  it.each([
    [undefined, undefined, 3],
    ['b', undefined, 3],
    ['b', 1, 2],
    ['a', undefined, 2],
    ['a', 1, 1],
    ['a', 3, undefined],
    ['none', undefined, undefined],
  ])('are found by what began in them: node %s, visit %s', async (node, visit, step) => {
    expect((await run(() => steps.lastWithVisit(execution, node, visit)))?.step).toBe(step);
  });

  it('ended when the last of their visits did', async () => {
    const visits = new VisitsRepository(database.db);
    await run(async () => {
      await visits.settle(endedVisit(execution, { step: 1, completed_at: '2026-01-02T03:04:05Z' }));
      await visits.settle(endedVisit(execution, { step: 1, visit: 2, completed_at: '2026-01-02T03:04:07Z' }));
      await visits.settle(endedVisit(execution, { step: 2, visit: 3 }));
      await visits.begin({ ...endedVisit(execution), node: 'b', step: 2 });
    });
    const ends = await run(() => steps.endsOf(execution, [1, 2, 3]));
    expect([...ends]).toEqual([[1, new Date('2026-01-02T03:04:07Z')]]);
  });

  it('are missing of an older execution', async () => {
    const older = await anExecution(database.db, tenant);
    expect(await run(() => steps.isEmpty(older))).toBe(true);
    expect(await run(() => steps.isEmpty(execution))).toBe(false);
  });
});

describe('an execution made of another one', () => {
  const database = useDatabase();
  const tenant = tenantA();

  it('says of which, and the audit log says who', async () => {
    const { db } = database;
    const executions = new ExecutionsRepository(db);
    const workflow = await aWorkflow(db, tenant);
    const of = await anExecution(db, tenant, workflow);
    const origin = {
      kind: 'fork' as const,
      execution_id: of,
      at: { step: 3, node: 'a', visit: 2 },
      state: { n: 1, m: null },
    };
    const made = await executions.accept(tenant, newExecution(workflow, { origin, initiator: 'eve' }), {
      defaultLimit: 9,
    });
    expect(made).toMatchObject({
      kind: 'accepted',
      execution: {
        origin_kind: 'fork',
        origin_execution_id: of,
        origin_node: 'a',
        origin_visit: 2,
        origin_step: 3,
        origin_state: { n: 1, m: null },
        status: 'pending',
      },
    });
    const { items } = await db.run(tenant, () => new AuditRepository(db).list());
    expect(items[0]).toMatchObject({
      actor_id: 'eve',
      action: 'execution.fork',
      resource_type: 'execution',
      resource_id: of,
      details: {
        execution_id: (made as { execution_id: string }).execution_id,
        node: 'a',
        visit: 2,
        state: ['m', 'n'],
      },
    });
  });

  it('leaves nothing behind where it is not accepted', async () => {
    const { db } = database;
    const executions = new ExecutionsRepository(db);
    const workflow = await aWorkflow(db, tenant);
    const of = await anExecution(db, tenant, workflow);
    const before = await db.run(tenant, () => new AuditRepository(db).list());
    const used = (await db.run(tenant, () => new QuotaRepository(db).usage())).in_use;
    const replay = newExecution(workflow, { origin: { kind: 'replay', execution_id: of } });
    expect(await executions.accept(tenant, replay, { defaultLimit: used })).toEqual({ kind: 'quota_exceeded' });
    const origin = { kind: 'retry' as const, execution_id: randomUUID() };
    await expect(executions.accept(tenant, newExecution(workflow, { origin }), { defaultLimit: 99 })).rejects.toThrow(
      /foreign key/,
    );
    expect((await db.run(tenant, () => new AuditRepository(db).list())).total).toBe(before.total);
    expect((await db.run(tenant, () => new QuotaRepository(db).usage())).in_use).toBe(used);
  });
});
