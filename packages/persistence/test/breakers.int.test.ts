import { beforeEach, describe, expect, it } from '@jest/globals';
import { BreakersRepository, type RecordedTransition, WorkflowOutcomesRepository } from '../src/index.js';
import { tenantA, useDatabase } from './support/database.js';
import { aWorkflow } from './support/rows.js';

describe('BreakersRepository', () => {
  const database = useDatabase();
  let tenant: string;
  let breakers: BreakersRepository;
  beforeEach(() => {
    tenant = tenantA();
    breakers = new BreakersRepository(database.db);
  });
  const run = <T>(fn: () => Promise<T>): Promise<T> => database.db.run(tenant, fn);
  const transition = (epoch: number, to: RecordedTransition['to'], second = epoch): RecordedTransition => ({
    tenant_id: tenant,
    key: 'tool:http_request',
    from: 'closed',
    to,
    epoch,
    failure_count: 5,
    counts: { failures: 5, calls: 5, slow: 0 },
    reason: 'failure_threshold',
    until: null,
    at: `2026-01-01T00:00:0${String(second)}.000Z`,
    stream_id: `${String(epoch)}-${String(second)}`,
  });
  const state = async () => (await run(() => breakers.get('tool:http_request')))?.state;

  it('records an entry of the stream once, of 20 at once', async () => {
    const one = transition(1, 'open');
    const recorded = await Promise.all(Array.from({ length: 20 }, () => run(() => breakers.recordTransition(one))));
    expect(recorded.filter(Boolean)).toHaveLength(1);
    expect((await run(() => breakers.history(one.key))).items).toMatchObject([
      { circuit_key: one.key, from_state: 'closed', to_state: 'open', epoch: 1, at: new Date(one.at) },
    ]);
    expect(await run(() => breakers.get(one.key))).toMatchObject({ state: 'open', since: new Date(one.at), epoch: 1 });
  });

  it('keeps the newest state, in whatever order transitions are read', async () => {
    await run(() => breakers.recordTransition(transition(3, 'half_open')));
    await run(() => breakers.recordTransition(transition(2, 'open')));
    expect(await state()).toBe('half_open');
    await run(() => breakers.recordTransition(transition(3, 'closed', 4)));
    expect(await state()).toBe('closed');
    await run(() => breakers.recordTransition(transition(3, 'open', 2)));
    expect(await state()).toBe('closed');
    expect((await run(() => breakers.history('tool:http_request'))).items.map((one) => one.to_state)).toEqual([
      'closed',
      'half_open',
      'open',
      'open',
    ]);
  });

  it('lists by state', async () => {
    await run(() => breakers.recordTransition(transition(1, 'open')));
    await run(() => breakers.recordTransition({ ...transition(1, 'closed'), key: 'tool:a', stream_id: 'x' }));
    const keys = async (query: object) => (await run(() => breakers.list(query))).items.map((one) => one.circuit_key);
    expect(await keys({})).toEqual(['tool:a', 'tool:http_request']);
    expect(await keys({ state: 'open' })).toEqual(['tool:http_request']);
  });

  it('counts how executions of a workflow ended', async () => {
    const outcomes = new WorkflowOutcomesRepository(database.db);
    const workflow = await aWorkflow(database.db, tenant);
    expect(await run(() => outcomes.get(workflow))).toBeNull();
    for (const outcome of ['completed', 'failed', 'completed', 'cancelled'] as const)
      await run(() => outcomes.count(workflow, outcome, new Date('2026-01-01T00:00:00Z')));
    await run(() => outcomes.count(workflow, 'failed', new Date('2025-01-01T00:00:00Z')));
    expect(await run(() => outcomes.get(workflow))).toMatchObject({
      completed: 2,
      failed: 2,
      cancelled: 1,
      last_ended_at: new Date('2026-01-01T00:00:00Z'),
    });
  });
});
