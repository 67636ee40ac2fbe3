import { beforeEach, describe, expect, it } from '@jest/globals';
import { ApprovalsRepository, RecordingsRepository, VisitsRepository } from '../src/index.js';
import { tenantA, tenantB, useDatabase } from './support/database.js';
import { aRunningExecution, endedVisit, newApproval } from './support/rows.js';

const MOST = 1_000_000;

describe('an execution that is read whole', () => {
  const database = useDatabase();
  let tenant: string;
  let execution: string;
  let recordings: RecordingsRepository;
  beforeEach(async () => {
    tenant = tenantA();
    execution = await aRunningExecution(database.db, tenant);
    recordings = new RecordingsRepository(database.db);
  });
  const run = <T>(fn: () => Promise<T>): Promise<T> => database.db.run(tenant, fn);
  const record = (...over: Parameters<typeof endedVisit>[1][]) =>
    run(() => new VisitsRepository(database.db).recordEnded(over.map((each) => endedVisit(execution, each))));

  it('is measured as it would be written, however well it is compressed', async () => {
    await record({ output: 'x'.repeat(2 * MOST) }, { node: 'b', input: null, output: { y: 2 } });
    expect(await run(() => recordings.sizeOf(execution, MOST))).toEqual({ rows: 2, bytes: expect.any(Number) });
    expect((await run(() => recordings.sizeOf(execution, MOST))).bytes).toBeGreaterThan(2 * MOST);
    // More than that is stored: it is not unpacked.
    expect((await run(() => recordings.sizeOf(execution, 100))).bytes).toBeLessThan(MOST);
  });

  it('is without what agents and graphs did inside of a visit', async () => {
    const inside = ['a~1', 'a~1~tool', 'g~2~x~compensate'];
    await record(...['a', 'a~compensate', ...inside].map((node) => ({ node, output: node })));
    expect((await run(() => recordings.visitsOf(execution))).map(({ node }) => node)).toEqual(['a', 'a~compensate']);
    expect(await run(() => recordings.sizeOf(execution, MOST))).toMatchObject({ rows: 2 });
  });

  it('has approvals with what was decided, by whom', async () => {
    const approvals = new ApprovalsRepository(database.db);
    const made = [newApproval(execution), newApproval(execution, { node: 'other' }), newApproval(execution)];
    await run(async () => {
      for (const each of made) await approvals.open(each);
      const [first, second] = made.map(({ approval_id }) => approval_id);
      await approvals.decide({ approval_id: first!, actor: 'boss', decision: 'approve', notes: 'fine' });
      await approvals.decide({ approval_id: second!, actor: 'boss', decision: 'reject', notes: null });
    });
    const found = await run(() => recordings.approvalsOf(execution));
    expect(found.map(({ id }) => id)).toEqual(made.map(({ approval_id }) => approval_id));
    expect(found[2]?.result).toBeNull();
    expect(found.slice(0, 2).map(({ result }) => result)).toMatchObject([
      { status: 'approved', decided_by: ['boss'], notes: 'fine' },
      { status: 'rejected', decided_by: ['boss'] },
    ]);
    expect(await run(() => recordings.sizeOf(execution, MOST))).toMatchObject({ rows: 3 });
  });

  it('is its own tenant’s', async () => {
    await record({});
    tenant = tenantB();
    expect(await run(() => recordings.head(execution))).toBeNull();
    expect(await run(() => recordings.visitsOf(execution))).toEqual([]);
    expect(await run(() => recordings.approvalsOf(execution))).toEqual([]);
    expect(await run(() => recordings.sizeOf(execution, MOST))).toEqual({ rows: 0, bytes: 0 });
  });
});
