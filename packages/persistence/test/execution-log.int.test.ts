import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ExecutionEvent } from '@aumos/agf-domain';
import { ExecutionLogRepository } from '../src/index.js';
import { tenantA, useDatabase } from './support/database.js';
import { aRunningExecution } from './support/rows.js';

describe('ExecutionLogRepository', () => {
  const database = useDatabase();
  let tenant: string;
  let id: string;
  let log: ExecutionLogRepository;
  beforeEach(async () => {
    tenant = tenantA();
    id = await aRunningExecution(database.db, tenant);
    log = new ExecutionLogRepository(database.db);
  });
  const run = <T>(fn: () => Promise<T>): Promise<T> => database.db.run(tenant, fn);
  const event = (n: number): ExecutionEvent => ({ type: 'node_complete', data: { n } });
  const append = (...events: ExecutionEvent[]) => run(async () => log.append(id, events));
  const after = (seq: number, most = 100) => run(() => log.after(id, seq, most));

  it('counts from 1, in the order that was given', async () => {
    await append(event(1), event(2));
    await append();
    await append(event(3));
    expect((await after(0)).map(({ seq, data }) => [seq, data['n']])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect((await after(1, 1)).map(({ seq }) => seq)).toEqual([2]);
    expect(await after(3)).toEqual([]);
  });

  it('forgets what was rolled back, without a gap', async () => {
    await append(event(1));
    const failing = run(async () => {
      log.append(id, [event(2)]);
      await Promise.resolve();
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await append(event(3));
    expect((await after(0)).map(({ seq, data }) => [seq, data['n']])).toEqual([
      [1, 1],
      [2, 3],
    ]);
  });

  it('never shows an entry before one of a smaller number, however many write at once', async () => {
    const writers = Array.from({ length: 60 }, (_, n) => append(event(2 * n), event(2 * n + 1)));
    let writing = true;
    const everybody = Promise.all(writers).then(() => {
      writing = false;
    });
    const read: number[] = [];
    while (writing || read.length < 120) {
      for (const { seq } of await after(read.at(-1) ?? 0, 7)) read.push(seq);
    }
    await everybody;
    expect(read).toEqual(Array.from({ length: 120 }, (_, i) => i + 1));
  });
});
