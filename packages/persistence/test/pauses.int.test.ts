import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { ExecutionsRepository, PausesRepository, QuotaRepository, VisitsRepository } from '../src/index.js';
import { tenantA, useDatabase } from './support/database.js';
import { aRunningExecution, endedVisit } from './support/rows.js';

describe('PausesRepository', () => {
  const database = useDatabase();
  let tenant: string;
  let id: string;
  const [first, second] = [randomUUID(), randomUUID()];
  beforeEach(async () => {
    tenant = tenantA();
    id = await aRunningExecution(database.db, tenant);
  });
  const run = <T>(fn: () => Promise<T>): Promise<T> => database.db.run(tenant, fn);
  const pause = (approval: string) => run(() => new PausesRepository(database.db).markPaused(id, approval, 'load'));
  const resume = (approval: string) => run(() => new PausesRepository(database.db).markResumed(id, approval));
  const state = async () => {
    const row = await run(() => new ExecutionsRepository(database.db).get(id));
    const { in_use } = await run(() => new QuotaRepository(database.db).usage());
    return [row?.status, row?.open_approvals, row?.holds_slot, in_use];
  };

  it('gives the slot back while paused, and takes it again', async () => {
    expect(await state()).toEqual(['running', 0, true, 1]);
    expect(await pause(first)).toBe(true);
    expect(await state()).toEqual(['paused_hitl', 1, false, 0]);
    expect(await resume(first)).toBe(true);
    expect(await state()).toEqual(['running', 0, true, 1]);
  });

  it('stays paused until the last approval is decided', async () => {
    expect([await pause(first), await pause(second)]).toEqual([true, true]);
    expect(await state()).toEqual(['paused_hitl', 2, false, 0]);
    expect(await resume(second)).toBe(false);
    expect(await state()).toEqual(['paused_hitl', 1, false, 0]);
    expect(await resume(first)).toBe(true);
    expect(await state()).toEqual(['running', 0, true, 1]);
  });

  it('counts what is told again once', async () => {
    expect([await pause(first), await pause(first)]).toEqual([true, false]);
    expect([await resume(first), await resume(first)]).toEqual([true, false]);
    expect(await state()).toEqual(['running', 0, true, 1]);
    expect(await pause(first)).toBe(false);
    expect(await state()).toEqual(['running', 0, true, 1]);
  });

  it('is not paused by a pause that is told after its resume', async () => {
    expect(await resume(first)).toBe(false);
    expect(await pause(first)).toBe(true);
    expect(await state()).toEqual(['running', 0, true, 1]);
    expect(await pause(first)).toBe(false);
  });

  it('is not touched once it has ended', async () => {
    await pause(first);
    await run(() => new ExecutionsRepository(database.db).finish(id, { status: 'cancelled' }));
    expect([await resume(first), await pause(second)]).toEqual([false, false]);
    expect(await state()).toEqual(['cancelled', 0, false, 0]);
  });

  it('survives ten pauses and resumes at once, with visits recorded beside them', async () => {
    const approvals = Array.from({ length: 10 }, () => randomUUID());
    const together = async (approval: string, visit: number, act: 'markPaused' | 'markResumed') =>
      run(async () => {
        await new VisitsRepository(database.db).recordEnded([endedVisit(id, { node: act, visit })]);
        return new PausesRepository(database.db)[act](id, approval, 'load');
      });
    await Promise.all(approvals.map((one, i) => together(one, i, 'markPaused')));
    expect(await state()).toEqual(['paused_hitl', 10, false, 0]);
    const resumed = await Promise.all(approvals.map((one, i) => together(one, i, 'markResumed')));
    expect(resumed.filter(Boolean)).toHaveLength(1);
    expect(await state()).toEqual(['running', 0, true, 1]);
  });
});
