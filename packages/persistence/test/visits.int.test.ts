import { beforeEach, describe, expect, it } from '@jest/globals';
import { TracesRepository, VisitsRepository } from '../src/index.js';
import { tenantA, tenantB, useDatabase } from './support/database.js';
import { aRunningExecution, endedVisit } from './support/rows.js';

const ERROR = { code: 'X', message: 'm', node: 'a', visit: 1, attempts: 3, details: { why: 'so' } };

describe('the journal', () => {
  const database = useDatabase();
  let tenant: string;
  let execution: string;
  let visits: VisitsRepository;
  beforeEach(async () => {
    tenant = tenantA();
    execution = await aRunningExecution(database.db, tenant);
    visits = new VisitsRepository(database.db);
  });
  const run = <T>(fn: () => Promise<T>): Promise<T> => database.db.run(tenant, fn);
  const key = () => ({ execution_id: execution, node: 'a', visit: 1 });
  const start = () => ({ ...key(), step: 1, item: null, type: 'tool', input: { x: 1 } });

  it('keeps a visit as it ended', async () => {
    const ended = endedVisit(execution, { item: 4, output: [null, 'ü'], completed_at: '2026-01-02T03:04:06.789Z' });
    const { won, visit } = await run(() => visits.settle(ended));
    expect(won).toBe(true);
    const expected = {
      ...ended,
      attempts: 1,
      approval_id: null,
      child_execution_id: null,
      started_at: new Date(ended.started_at),
      completed_at: new Date(ended.completed_at!),
    };
    expect(visit).toEqual(expected);
    expect(await run(() => visits.find(key()))).toMatchObject(expected);
    expect(await run(() => visits.find({ ...key(), visit: 2 }))).toBeNull();
  });

  it('counts attempts until the visit ends, then says how it did', async () => {
    expect(await run(() => visits.begin(start()))).toEqual({ begun: true, attempt: 1 });
    expect(await run(() => visits.find(key()))).toMatchObject({ status: 'running', output: null, completed_at: null });
    expect(await run(() => visits.begin(start()))).toEqual({ begun: true, attempt: 2 });
    const settled = await run(() => visits.settle(endedVisit(execution)));
    expect(settled).toMatchObject({ won: true, visit: { attempts: 2, output: { y: 2 } } });
    expect(await run(() => visits.begin(start()))).toMatchObject({
      begun: false,
      ended: { status: 'completed', output: { y: 2 } },
    });
  });

  it('says which attempt is at work', async () => {
    const atWork = (attempt: number) => run(() => visits.isAtWork(key(), attempt));
    expect(await atWork(1)).toBe(false);
    await run(() => visits.begin(start()));
    expect([await atWork(1), await atWork(2)]).toEqual([true, false]);
    expect(await database.db.run(tenantB(), () => visits.isAtWork(key(), 1))).toBe(false);
    await run(() => visits.begin(start()));
    expect([await atWork(1), await atWork(2)]).toEqual([false, true]);
    await run(() => visits.settle(endedVisit(execution)));
    expect(await atWork(2)).toBe(false);
  });

  it('gives the loser the winner’s result', async () => {
    await run(() => visits.settle(endedVisit(execution, { output: 'first' })));
    const late = await run(() =>
      visits.settle(endedVisit(execution, { status: 'failed', output: null, error: ERROR })),
    );
    expect(late).toMatchObject({ won: false, visit: { status: 'completed', output: 'first', error: null } });
  });

  it('has one winner of 20 at once, and gives everybody its result', async () => {
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, output) => run(() => visits.settle(endedVisit(execution, { output })))),
    );
    const winners = results.filter((one) => one.won);
    expect(winners).toHaveLength(1);
    expect(new Set(results.map((one) => one.visit.output))).toEqual(new Set([winners[0]!.visit.output]));
  });

  it('has one winner of 20 who had begun it', async () => {
    await run(() => visits.begin(start()));
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, output) => run(() => visits.settle(endedVisit(execution, { output })))),
    );
    expect(results.filter((one) => one.won)).toHaveLength(1);
    expect(new Set(results.map((one) => one.visit.output)).size).toBe(1);
  });

  it('records a batch once, in any order, and never over what ended', async () => {
    const batch = ['a', 'b', 'c'].map((node, step) => endedVisit(execution, { node, step }));
    await run(() => visits.settle(endedVisit(execution, { node: 'b', step: 1, output: 'earlier' })));
    const recorded = await Promise.all([
      run(() => visits.recordEnded(batch)),
      run(() => visits.recordEnded([...batch].reverse())),
    ]);
    expect(
      recorded
        .flat()
        .map((one) => one.node)
        .sort(),
    ).toEqual(['a', 'c']);
    expect(await run(() => visits.recordEnded([]))).toEqual([]);
    const { items, total } = await run(() => visits.listOf(execution));
    expect(items.map((one) => one.node)).toEqual(['a', 'b', 'c']);
    expect(total).toBe(3);
    expect(items[1]!.output).toBe('earlier');
  });

  it('keeps the error of a visit that failed', async () => {
    await run(() => visits.begin(start()));
    await run(() => visits.recordEnded([endedVisit(execution, { status: 'failed', output: null, error: ERROR })]));
    expect(await run(() => visits.find(key()))).toMatchObject({ status: 'failed', error: ERROR });
  });

  it('writes nothing for what cannot be stored', async () => {
    const bad = endedVisit(execution, { output: { text: 'a\u0000b' } });
    await expect(run(() => visits.settle(bad))).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    expect(await run(() => visits.find(key()))).toBeNull();
  });

  it('keeps traces in their order', async () => {
    const traces = new TracesRepository(database.db);
    const trace = (name: string, second: number) => ({
      execution_id: execution,
      node: 'a',
      visit: 1,
      kind: 'tool' as const,
      name,
      started_at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)),
    });
    await run(() => traces.add(trace('second', 2), trace('first', 1)));
    await run(() => traces.add({ ...trace('gate', 3), kind: 'hitl', attributes: { level: 3 }, duration_ms: 5 }));
    await run(() => traces.add());
    const names = async (query = {}) => (await run(() => traces.list(execution, query))).items.map((one) => one.name);
    expect(await names()).toEqual(['first', 'second', 'gate']);
    expect(await names({ kind: 'hitl' })).toEqual(['gate']);
    expect(await names({ node: 'b' })).toEqual([]);
  });
});
