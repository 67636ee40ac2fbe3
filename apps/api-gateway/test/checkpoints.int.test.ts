import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anExecution, publish, STEPS } from './support/executions.js';
import { type Answer, type Gateway, startGateway } from './support/gateway.js';

let gateway: Gateway;
let execution: string;
beforeAll(async () => {
  gateway = await startGateway();
  execution = await anExecution(gateway, await publish(gateway), { status: 'completed' });
}, 120_000);
afterAll(() => gateway.close());

const get = (path: string, id = execution): Promise<Answer> =>
  gateway.call('GET', `/executions/${id}/checkpoints${path}`);

describe('the checkpoints of an execution', () => {
  it('say what began, what was written before it, and when it ended', async () => {
    const { status, body } = await get('');
    expect([status, body.total]).toEqual([200, 3]);
    expect(body.items).toMatchObject([
      {
        step: 1,
        nodes: [{ node: 'first', first_visit: 1, visits: 1 }],
        changed: [],
        ended_at: '2026-01-02T03:04:06.000Z',
      },
      {
        step: 2,
        nodes: [
          { node: 'load', first_visit: 1, visits: 2 },
          { node: 'note', first_visit: 1, visits: 1 },
        ],
        changed: ['log', 'n'],
        ended: false,
        ended_at: null,
      },
      { step: 3, nodes: [], changed: ['log'], ended: true, ended_at: null },
    ]);
    const last = await get('?page_size=1&sort_order=desc');
    expect([last.body.items[0].step, last.body.pages]).toEqual([3, 3]);
  });

  it('show the state with which a step begins; the last one, the final state', async () => {
    expect((await get('/1')).body).toMatchObject({ state: { n: null, log: [], error: null }, final: false });
    expect((await get('/2')).body).toMatchObject({ state: { n: 1, log: ['a'] }, final: false });
    expect((await get('/3')).body).toMatchObject({ state: { n: 1, log: ['a', 'b', 'c'] }, final: true });
  });

  it('differ, channel by channel, from the one before or from any', async () => {
    expect((await get('/3/diff')).body).toEqual({
      step: 3,
      against: 2,
      changes: [{ channel: 'log', before: ['a'], after: ['a', 'b', 'c'] }],
    });
    expect((await get('/1/diff?against=3')).body).toMatchObject({
      against: 3,
      changes: [
        { channel: 'log', before: ['a', 'b', 'c'], after: [] },
        { channel: 'n', before: 1, after: null },
      ],
    });
    expect((await get('/2/diff?against=2')).body).toMatchObject({ against: 2, changes: [] });
    expect((await get('/1/diff')).body).toEqual({ step: 1, against: null, changes: [] });
  });

  it('begin where the execution did, when it was made of another one', async () => {
    const base = { state: { n: 7, log: ['x'], error: null }, visits: { first: 1 }, written: ['n'] };
    const [first, second] = [{ ...STEPS[1]!, writes: {}, base }, STEPS[2]!];
    const id = await anExecution(gateway, await publish(gateway), { steps: [first, second] });
    expect((await get('/2', id)).body).toMatchObject({ state: { n: 7, log: ['x'] } });
    expect((await get('/3', id)).body).toMatchObject({ state: { n: 7, log: ['x', 'b', 'c'] } });
    expect((await get('/2/diff', id)).body).toMatchObject({ against: null });
    expect((await get('/3/diff', id)).body).toMatchObject({ against: 2 });
    expect((await get('/1', id)).status).toBe(404);
  });

  it('are none of an execution whose steps were not recorded', async () => {
    const id = await anExecution(gateway, await publish(gateway), { steps: [] });
    expect((await get('', id)).body).toMatchObject({ items: [], total: 0 });
    expect((await get('/1', id)).status).toBe(404);
  });

  it.each(['/0', '/4', '/-1', '/x', '/1.5', '/99999999999', '/4/diff', '/3/diff?against=9', '/3/diff?against=0'])(
    '%s → 404',
    async (path) => {
      const { status, body } = await get(path);
      expect([status, body.code]).toEqual([404, 'NOT_FOUND']);
    },
  );

  it.each(['', '/1', '/2/diff'])('%s of another tenant → 404, as of nothing', async (path) => {
    const claims = { claims: { tenant_id: randomUUID() } };
    const theirs = await gateway.call('GET', `/executions/${execution}/checkpoints${path}`, undefined, claims);
    expect([theirs.status, theirs.body.code]).toEqual([404, 'NOT_FOUND']);
    expect((await get(path, randomUUID())).status).toBe(404);
  });

  it('?against=x → 400', async () => expect((await get('/2/diff?against=x')).status).toBe(400));
});
