import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { childExecutionId } from '@aumos/agf-domain';
import {
  ApprovalsRepository,
  createDataSource,
  ExecutionsRepository,
  FamiliesRepository,
  type NewChild,
  PausesRepository,
  QuotaRepository,
  SweepRepository,
  VisitsRepository,
} from '../src/index.js';
import { tenantA, tenantB, useDatabase } from './support/database.js';
import { anExecution, aRunningExecution, aWorkflow, newApproval, newExecution } from './support/rows.js';

const FUTURE = new Date(Date.now() + 3_600_000);

describe('executions below executions', () => {
  const database = useDatabase();
  let tenant: string;
  let workflow: string;
  let executions: ExecutionsRepository;
  let pauses: PausesRepository;
  let families: FamiliesRepository;
  const run = <T>(fn: () => Promise<T>, of = tenant): Promise<T> => database.db.run(of, fn);

  beforeEach(async () => {
    tenant = tenantA();
    workflow = await aWorkflow(database.db, tenant, 'child-flow');
    executions = new ExecutionsRepository(database.db);
    pauses = new PausesRepository(database.db);
    families = new FamiliesRepository(database.db);
  });

  const newChild = (parent: string, over: Partial<NewChild> = {}): NewChild => ({
    ...newExecution(workflow, { id: childExecutionId(parent, 'call', 1) }),
    parent_execution_id: parent,
    root_execution_id: parent,
    parent_node: 'call',
    parent_visit: 1,
    depth: 1,
    privilege_ceiling: 3,
    ...over,
  });
  /** @returns its id */
  const aChild = async (parent: string, over: Partial<NewChild> = {}): Promise<string> => {
    const child = newChild(parent, over);
    expect(await run(() => executions.insertChild(child))).toBe(true);
    await run(() => executions.markRunning(child.id));
    return child.id;
  };
  const aFamily = async (): Promise<[string, string, string]> => {
    const root = await aRunningExecution(database.db, tenant);
    const child = await aChild(root);
    const id = childExecutionId(child, 'deeper', 2);
    const place = { parent_execution_id: child, root_execution_id: root, parent_node: 'deeper', parent_visit: 2 };
    return [root, child, await aChild(root, { id, ...place, depth: 2 })];
  };
  const states = async (...ids: string[]): Promise<unknown[]> => {
    const rows = await run(async () => Promise.all(ids.map((id) => executions.get(id))));
    return rows.map((row) => [row?.status, row?.holds_slot, row?.open_approvals]);
  };
  const inUse = async (): Promise<number> => (await run(() => new QuotaRepository(database.db).usage())).in_use;

  it('are there once a visit, and hold no slot', async () => {
    const root = await aRunningExecution(database.db, tenant);
    const child = newChild(root, { input_data: null });
    const other = newChild(root, { id: randomUUID() });
    const written = await Promise.all([child, child, other].map((each) => run(() => executions.insertChild(each))));
    expect(written.filter(Boolean)).toHaveLength(1);
    const { total, items } = await run(() => executions.list({ parent_execution_id: root }));
    expect([total, items[0]?.status, items[0]?.holds_slot, items[0]?.input_data]).toEqual([1, 'pending', false, null]);
    expect(await inUse()).toBe(1);
    expect((await run(() => executions.list({ root_only: true }))).items.map(({ id }) => id)).toEqual([root]);
    expect((await run(() => executions.list())).total).toBe(2);
  });

  it.each([
    ['half a family', { depth: 0 }],
    ['no root', { root_execution_id: null as unknown as string }],
  ])('have no row with %s', async (_, over) => {
    const root = await aRunningExecution(database.db, tenant);
    await expect(run(() => executions.insertChild(newChild(root, over)))).rejects.toThrow(/family/);
  });

  it('cannot have a parent, a root or a visit of another tenant', async () => {
    const foreign = tenantB();
    const theirs = await aRunningExecution(database.db, foreign);
    const mine = await aRunningExecution(database.db, tenant);
    for (const over of [{ parent_execution_id: theirs }, { root_execution_id: theirs }])
      await expect(run(() => executions.insertChild(newChild(mine, over)))).rejects.toThrow(/foreign key/);
    const visit = { execution_id: mine, node: 'call', visit: 1, step: 1, item: null, type: 'workflow', input: {} };
    const begin = () => new VisitsRepository(database.db).begin({ ...visit, child_execution_id: theirs });
    await expect(run(begin)).rejects.toThrow(/foreign key/);
  });

  it('are found with the way from the root, by their own tenant only', async () => {
    const [root, child, grandchild] = await aFamily();
    const paths = await run(() => families.pathsTo([grandchild, root, randomUUID()]));
    const steps = (id: string) => paths.get(id)?.map((step) => [step.execution_id, step.node, step.visit]);
    expect(steps(grandchild)).toEqual([
      [root, 'call', 1],
      [child, 'deeper', 2],
      [grandchild, null, null],
    ]);
    expect(paths.get(grandchild)?.[1]).toMatchObject({ workflow_name: 'child-flow', workflow_id: workflow });
    expect(steps(root)).toEqual([[root, null, null]]);
    expect(paths.size).toBe(2);
    expect((await run(() => families.pathsTo([grandchild]), tenantB())).size).toBe(0);
    expect((await run(() => families.pathsTo([]))).size).toBe(0);
  });

  it('show their approvals to whoever asks for one above them', async () => {
    const [root, child, grandchild] = await aFamily();
    const stranger = await aRunningExecution(database.db, tenant);
    const approvals = new ApprovalsRepository(database.db);
    const [deep, own] = [newApproval(grandchild), newApproval(root)];
    await run(async () => {
      for (const each of [deep, own, newApproval(stranger)]) await approvals.open(each);
    });
    const of = async (execution_id: string, who = tenant): Promise<string[]> =>
      (await run(() => approvals.list({ execution_id, status: 'pending' }), who)).items.map(({ id }) => id).sort();
    expect(await of(root)).toEqual([deep.approval_id, own.approval_id].sort());
    expect(await of(child)).toEqual([deep.approval_id]);
    expect(await of(grandchild)).toEqual([deep.approval_id]);
    expect(await of(root, tenantB())).toEqual([]);
  });

  it('pause all above them, whose slot is given back and taken again once', async () => {
    const family = await aFamily();
    const approval = randomUUID();
    const pauseAll = (act: 'markPaused' | 'markResumed') =>
      run(async () => {
        expect(await pauses.lockChain(family)).toBe(true);
        for (const id of family) await pauses[act](id, approval, 'load');
      });
    await pauseAll('markPaused');
    await pauseAll('markPaused');
    expect(await states(...family)).toEqual(family.map(() => ['paused_hitl', false, 1]));
    expect(await inUse()).toBe(0);
    expect(await run(() => pauses.openApprovals(family[1]))).toEqual([approval]);
    await pauseAll('markResumed');
    await pauseAll('markResumed');
    expect(await states(...family)).toEqual([
      ['running', true, 0],
      ['running', false, 0],
      ['running', false, 0],
    ]);
    expect([await inUse(), await run(() => pauses.openApprovals(family[1]))]).toEqual([1, []]);
  });

  it('pause nobody once they have ended', async () => {
    const family = await aFamily();
    await run(() => executions.finish(family[2], { status: 'cancelled' }));
    expect(await run(() => pauses.lockChain(family))).toBe(false);
    expect(await inUse()).toBe(1);
  });

  it('never wait for each other, however many pause and end at once', async () => {
    const root = await aRunningExecution(database.db, tenant);
    const children = await Promise.all(
      Array.from({ length: 8 }, (_, i) => aChild(root, { id: childExecutionId(root, 'call', i), parent_visit: i })),
    );
    const chain = (child: string, act: 'markPaused' | 'markResumed', approval: string): Promise<void> =>
      run(async () => {
        if (await pauses.lockChain([root, child]))
          for (const id of [root, child]) await pauses[act](id, approval, 'call');
      });
    const approvals = children.map(() => randomUUID());
    await Promise.all(children.map((child, i) => chain(child, 'markPaused', approvals[i]!)));
    expect(await states(root)).toEqual([['paused_hitl', false, 8]]);
    await Promise.all(children.map((child, i) => chain(child, 'markResumed', approvals[i]!)));
    expect(await states(root)).toEqual([['running', true, 0]]);
    expect(await inUse()).toBe(1);
  });

  it('are not started by the sweep, which finds those that nobody started', async () => {
    const root = await anExecution(database.db, tenant);
    const child = newChild(root);
    await run(() => executions.insertChild(child));
    const dataSource = await createDataSource(database.sweeperUrl, { applicationName: 'sweep', poolSize: 1 });
    try {
      const sweep = new SweepRepository(dataSource);
      const mine = (found: { tenant_id: string; id: string }[]): string[] =>
        found.filter(({ tenant_id }) => tenant_id === tenant).map(({ id }) => id);
      expect(mine(await sweep.pendingExecutions(FUTURE))).toEqual([root]);
      expect(mine(await sweep.pendingChildren(FUTURE))).toEqual([child.id]);
      expect(mine(await sweep.pendingChildren(new Date(0)))).toEqual([]);
    } finally {
      await dataSource.destroy();
    }
  });
});
