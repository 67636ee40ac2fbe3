import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  CommandsRepository,
  ExecutionsRepository,
  PausesRepository,
  QuotaRepository,
  VisitsRepository,
} from '../src/index.js';
import { tenantA, useDatabase } from './support/database.js';
import { aRunningExecution, endedVisit } from './support/rows.js';

describe('CommandsRepository', () => {
  const database = useDatabase();
  let tenant: string;
  let id: string;
  let commands: CommandsRepository;
  beforeEach(async () => {
    tenant = tenantA();
    id = await aRunningExecution(database.db, tenant);
    commands = new CommandsRepository(database.db);
  });
  const run = <T>(fn: () => Promise<T>): Promise<T> => database.db.run(tenant, fn);
  const signal = (payload: number, takers: string[] = ['w']) =>
    run(() => commands.signal(id, { name: 's', payload, takers }, 'dev'));

  it('pauses and resumes once, and says so in the row', async () => {
    const paused = async (value: boolean) => {
      const { kind } = await run(() => commands.setPaused(id, value, 'dev'));
      return [kind, (await run(() => new ExecutionsRepository(database.db).get(id)))?.paused];
    };
    expect(await paused(false)).toEqual(['unchanged', false]);
    expect(await paused(true)).toEqual(['added', true]);
    expect(await paused(true)).toEqual(['unchanged', true]);
    expect(await paused(false)).toEqual(['added', false]);
  });

  it('hands commands out in their order, however many were told at once', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, n) => signal(n)));
    await run(() => commands.setPaused(id, true, 'dev'));
    const seen: number[] = [];
    for (let next = await run(() => commands.next(id)); next; next = await run(() => commands.next(id))) {
      seen.push(next.seq);
      const command = next;
      expect(await run(() => commands.markDelivered(command))).toEqual({ first: true, running: true });
      expect(await run(() => commands.markDelivered(command))).toEqual({ first: false, running: true });
    }
    expect(seen).toEqual(Array.from({ length: 31 }, (_, i) => i + 1));
  });

  it('keeps a payload as it is, null included', async () => {
    await run(() => commands.signal(id, { name: 's', payload: { a: [1, null] }, takers: [] }, 'dev'));
    expect((await run(() => commands.next(id)))?.payload).toEqual({ a: [1, null] });
  });

  it('takes no more signals than are kept, until a visit takes one', async () => {
    for (let n = 0; n < 1_000; n += 50)
      await run(async () => {
        for (let i = 0; i < 50; i++) await commands.signal(id, { name: 's', payload: n + i, takers: ['w'] }, 'dev');
      });
    expect((await signal(1_000)).kind).toBe('full');
    await run(() => new VisitsRepository(database.db).settle({ ...endedVisit(id), node: 'w', type: 'wait' }));
    expect((await signal(1_000)).kind).toBe('added');
    expect((await signal(1_001)).kind).toBe('full');
  });

  it('tells nothing to what has ended', async () => {
    await run(() => new ExecutionsRepository(database.db).finish(id, { status: 'completed', output: 1 }));
    expect(await signal(1)).toEqual({ kind: 'ended', status: 'completed' });
    expect(await run(() => commands.setPaused(id, true, 'dev'))).toEqual({ kind: 'ended', status: 'completed' });
  });

  describe('of waiting', () => {
    const mark = (waiting: boolean, n: number) =>
      run(() => new PausesRepository(database.db).markWaiting(id, { waiting, mark: n, node: 'w' }));
    const slots = () => run(async () => (await new QuotaRepository(database.db).usage()).in_use);
    const row = async () => {
      const found = await run(() => new ExecutionsRepository(database.db).get(id));
      return { waiting: found?.waiting, holds: found?.holds_slot, in_use: await slots() };
    };

    it('gives the slot back while it waits, and takes it again, in whatever order it is told', async () => {
      expect(await mark(true, 1)).toBe(true);
      expect(await mark(true, 1)).toBe(false);
      expect(await row()).toEqual({ waiting: true, holds: false, in_use: 0 });
      expect(await mark(false, 4)).toBe(true);
      expect(await mark(true, 3)).toBe(false);
      expect(await row()).toEqual({ waiting: false, holds: true, in_use: 1 });
    });

    it('counts one slot beside the pauses for approvals', async () => {
      const pauses = new PausesRepository(database.db);
      const approval = '7c9e6679-7425-4de8-944b-e07fc1f90ae7';
      await mark(true, 1);
      await run(() => pauses.markPaused(id, approval, 'x'));
      expect((await row()).in_use).toBe(0);
      await run(() => pauses.markResumed(id, approval));
      expect(await row()).toEqual({ waiting: true, holds: false, in_use: 0 });
      await mark(false, 2);
      expect(await row()).toEqual({ waiting: false, holds: true, in_use: 1 });
      await mark(true, 3);
      await run(() => new ExecutionsRepository(database.db).finish(id, { status: 'completed', output: 1 }));
      expect((await row()).in_use).toBe(0);
    });
  });
});
