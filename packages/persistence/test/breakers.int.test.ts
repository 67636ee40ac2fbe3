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
  const at = (second: number): string => `2026-01-01T00:00:0${String(second)}.000Z`;
  const transition = (epoch: number, over: Partial<RecordedTransition> = {}): RecordedTransition => ({
    tenant_id: tenant,
    key: 'tool:http_request',
    from: 'closed',
    to: 'open',
    epoch,
    failure_count: 5,
    counts: { failures: 5, calls: 9, slow: 1 },
    reason: 'failure_threshold',
    until: null,
    at: at(epoch),
    stream_id: `${String(epoch)}-0`,
    ...over,
  });
  const record = (epoch: number, over: Partial<RecordedTransition> = {}): Promise<RecordedTransition[]> =>
    run(() => breakers.recordTransition(transition(epoch, over)));
  const half = { from: 'open', to: 'half_open', reason: 'reset_timeout' } as const;
  const state = () => run(() => breakers.get('tool:http_request'));
  /** Oldest first. */
  const history = async () =>
    (await run(() => breakers.historyAfter(0, 99))).map((row) => [
      row.position,
      row.from_state,
      row.to_state,
      row.reason,
    ]);

  it('records a transition once, of 20 at once', async () => {
    const one = transition(1, { until: at(3) });
    const recorded = await Promise.all(Array.from({ length: 20 }, () => run(() => breakers.recordTransition(one))));
    expect(recorded.flat()).toEqual([one]);
    expect((await run(() => breakers.history(one.key))).items).toMatchObject([
      {
        ...{ circuit_key: one.key, from_state: 'closed', to_state: 'open', epoch: 1, at: new Date(one.at) },
        ...{ failure_count: 5, call_count: 9, slow_count: 1, until: new Date(at(3)), position: 1 },
      },
    ]);
    const known = { state: 'open', since: new Date(one.at), epoch: 1, until: new Date(at(3)), reset_ms: 2_000 };
    expect(await state()).toMatchObject({ ...known, unclosed_since: new Date(one.at) });
  });

  it('knows a transition by its breaker and epoch, whatever its entry is called', async () => {
    await record(1);
    expect(await record(1, { stream_id: '9-9' })).toEqual([]);
    expect(await record(1, { key: 'tool:other' })).toHaveLength(1);
    expect(await record(2, { ...half, stream_id: '1-0' })).toHaveLength(1);
  });

  it('gives positions without a gap, to many at once', async () => {
    const keys = Array.from({ length: 20 }, (_, i) => `tool:t${String(i)}` as const);
    await Promise.all(keys.map((key, i) => record(i + 1, { key, at: at(1) })));
    expect((await history()).map(([position]) => position)).toEqual(keys.map((_, i) => i + 1));
    expect(await run(() => breakers.lastPosition())).toBe(20);
  });

  it('keeps the newest state, and a late transition as history only', async () => {
    await record(1);
    await record(3, { from: 'open', to: 'closed', reason: 'probe_succeeded' });
    expect(await record(2, half)).toHaveLength(1);
    expect(await state()).toMatchObject({ state: 'closed', epoch: 3, unclosed_since: null });
    expect(await history()).toEqual([
      [1, 'closed', 'open', 'failure_threshold'],
      [2, 'open', 'closed', 'probe_succeeded'],
      [3, 'open', 'half_open', 'reset_timeout'],
    ]);
  });

  it('remembers since when it is not closed, and for how long it was opened last', async () => {
    await record(1, { until: at(3) });
    await record(3, half);
    await record(4, { from: 'half_open', reason: 'probe_failed', until: at(8) });
    expect(await state()).toMatchObject({ unclosed_since: new Date(at(1)), reset_ms: 4_000 });
  });

  it('tells of a loss before what does not begin where the breaker was', async () => {
    await record(1);
    const written = await record(5);
    expect(written.map(({ from, to, reason, epoch }) => [from, to, reason, epoch])).toEqual([
      ['open', 'closed', 'store_lost', 1],
      ['closed', 'open', 'failure_threshold', 5],
    ]);
    expect(await history()).toEqual([
      [1, 'closed', 'open', 'failure_threshold'],
      [2, 'open', 'closed', 'store_lost'],
      [3, 'closed', 'open', 'failure_threshold'],
    ]);
  });

  it('takes a restoration for what it is: still open, for what was left of its time', async () => {
    await record(1, { until: at(9) });
    expect(await record(3, { from: 'open', reason: 'restored', until: at(9) })).toHaveLength(1);
    expect(await state()).toMatchObject({ epoch: 3, unclosed_since: new Date(at(1)), reset_ms: 8_000 });
  });

  it('records a loss once, of 20 at once, and only of what has not changed since', async () => {
    await record(1);
    const lose = (epoch: number) => run(() => breakers.recordLoss('tool:http_request', epoch, 'closed', at(5)));
    expect((await Promise.all(Array.from({ length: 20 }, () => lose(1)))).flat()).toHaveLength(1);
    expect(await state()).toMatchObject({ state: 'closed', epoch: 1, reason: 'store_lost' });
    await record(6);
    expect(await lose(1)).toEqual([]);
    expect(await state()).toMatchObject({ state: 'open', epoch: 6 });
  });

  it('goes on after the last entry of the stream, whatever a rescan wrote', async () => {
    expect(await run(() => breakers.lastEntry())).toBeNull();
    await record(1);
    await run(() => breakers.recordLoss('tool:http_request', 1, 'closed', at(2)));
    expect(await run(() => breakers.lastEntry())).toBe('1-0');
  });

  it('lists by state', async () => {
    await record(1);
    await record(1, { to: 'closed', key: 'tool:a' });
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
