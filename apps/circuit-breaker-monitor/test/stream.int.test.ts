import { eventually, serverSentEvents } from '@aumos/agf-testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ListeningMonitor, startMonitor } from './support/listening-monitor.js';
import { TenantBreakers } from './support/tenant-breakers.js';

interface Told {
  id: number;
  key: string;
}

describe('the stream', () => {
  let monitor: ListeningMonitor;
  let tenant: TenantBreakers;
  const ends: AbortController[] = [];
  beforeAll(async () => {
    monitor = await startMonitor();
  }, 120_000);
  afterAll(async () => {
    for (const end of ends) end.abort();
    await monitor.close();
  });
  beforeEach(() => {
    tenant = new TenantBreakers(monitor);
  });

  const ask = async (query = '', headers: Record<string, string> = {}, of = tenant.id): Promise<Response> => {
    const end = new AbortController();
    ends.push(end);
    const authorization = await monitor.authorization(of);
    return fetch(`${monitor.url}/api/v1/circuit-breakers/stream${query}`, {
      headers: { authorization, ...headers },
      signal: end.signal,
    });
  };
  /** What is told from now on, as it comes. */
  const follow = async (...asked: Parameters<typeof ask>): Promise<{ told: Told[]; ended: Promise<void> }> => {
    const answer = await ask(...asked);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const told: Told[] = [];
    const read = async (): Promise<void> => {
      for await (const { id, event, data } of serverSentEvents(answer))
        if (event === 'transition') told.push({ id, key: data['circuit_key'] as string });
    };
    return { told, ended: read().catch(() => undefined) };
  };
  const recorded = (count: number) =>
    eventually(async () => (await tenant.rows()).length === count, `${String(count)} changes`);

  it('tells what happens from now on, once', async () => {
    await tenant.open('tool:before');
    await recorded(1);
    const { told, ended } = await follow('?max_seconds=3');
    await tenant.open('tool:after');
    await ended;
    expect(told).toEqual([{ id: 2, key: 'tool:after' }]);
  });

  it('goes on after what was received, with nothing missing and nothing twice', async () => {
    for (const name of ['a', 'b', 'c'] as const) await tenant.open(`tool:${name}`);
    await recorded(3);
    const all = await follow('?max_seconds=1', { 'last-event-id': '0' });
    await all.ended;
    expect(all.told.map(({ id }) => id)).toEqual([1, 2, 3]);
    const rest = await follow('?max_seconds=1', { 'last-event-id': String(all.told[1]!.id) });
    await rest.ended;
    expect(rest.told).toEqual(all.told.slice(2));
  });

  it('survives a flush of Redis: positions go on', async () => {
    const { told } = await follow('?max_seconds=30');
    await tenant.open('tool:a', 60);
    await eventually(() => told.length === 1, 'the first');
    await tenant.flush();
    await eventually(() => told.length === 2, 'the restoration');
    expect(told.map(({ id }) => id)).toEqual([1, 2]);
  });

  it("shows nothing of another tenant's", async () => {
    const other = new TenantBreakers(monitor);
    const { told, ended } = await follow('?max_seconds=2', { 'last-event-id': '0' }, other.id);
    await tenant.open('tool:a');
    await recorded(1);
    await ended;
    expect(told).toEqual([]);
  });

  it.each([
    ['?max_seconds=0', {}, 'max_seconds'],
    ['?max_seconds=x', {}, 'max_seconds'],
    ['', { 'last-event-id': 'x' }, 'Last-Event-ID'],
  ])('refuses %s %j', async (query, headers, field) => {
    const answer = await ask(query, headers);
    const problem = (await answer.json()) as { code: string; details: { fields: { field: string }[] } };
    expect([answer.status, problem.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(problem.details.fields[0]!.field).toBe(field);
  });
});
