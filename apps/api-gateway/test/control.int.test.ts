import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditRepository, CommandsRepository, ExecutionsRepository, TenantDb } from '@aumos/agf-persistence';
import { type Answer, type CallOptions, type Gateway, startGateway } from './support/gateway.js';

const definition = (name: string): object => ({
  schema: 'agf/workflow/v1',
  name,
  nodes: [{ id: 'w', type: 'wait', signal: 'go' }],
  edges: [
    { source: 'START', target: 'w' },
    { source: 'w', target: 'END' },
  ],
});

let gateway: Gateway;
let workflow: string;
beforeAll(async () => {
  gateway = await startGateway();
  const name = `flow-${randomUUID()}`;
  workflow = (await gateway.call('POST', '/workflows', { name, graph_definition: definition(name) })).body.id as string;
}, 120_000);
afterAll(() => gateway.close());

const started = async (): Promise<string> =>
  (await gateway.call('POST', `/workflows/${workflow}/execute`, { input_data: null })).body.id as string;
const post = (id: string, what: string, body?: unknown, more?: CallOptions): Promise<Answer> =>
  gateway.call('POST', `/executions/${id}/${what}`, body, more);
const inTenant = <T>(fn: (db: TenantDb) => Promise<T>): Promise<T> => {
  const db = gateway.app.get(TenantDb);
  return db.run(gateway.tenant, () => fn(db));
};
const commandsOf = (id: string): Promise<{ kind: string; name: string | null; payload: unknown; actor: string }[]> =>
  inTenant((db) =>
    db.em.query('select kind, name, payload, actor from agf_execution_commands where execution_id = $1 order by seq', [
      id,
    ]),
  );
const ended = (id: string): Promise<unknown> =>
  inTenant((db) => new ExecutionsRepository(db).finish(id, { status: 'failed' }));
const as = (claims: CallOptions['claims']): CallOptions => ({ claims: claims! });

describe('pause and resume', () => {
  it('are noted once each, audited, and shown', async () => {
    const id = await started();
    for (const what of ['pause', 'pause', 'resume', 'resume', 'pause']) {
      const answer = await post(id, what);
      expect([answer.status, answer.body.id, answer.body.paused]).toEqual([202, id, what === 'pause']);
    }
    expect((await commandsOf(id)).map(({ kind }) => kind)).toEqual(['pause', 'resume', 'pause']);
    const shown = (await gateway.call('GET', `/executions/${id}`)).body as { paused: boolean; status: string };
    expect(shown).toMatchObject({ paused: true, status: 'pending' });
    const { items } = await inTenant((db) => new AuditRepository(db).list());
    const actions = items.filter(({ resource_id }) => resource_id === id).map(({ action }) => action);
    expect(actions.sort()).toEqual(['execution.pause', 'execution.pause', 'execution.resume']);
  });
});

describe('a signal', () => {
  const payloads = [{ by: 'me', n: [1, null] }, {}, [], [{}], 'text', '', 0, 1.5, true, false, null];
  it.each(payloads.map((payload) => ({ payload })))('is noted with its payload: $payload', async ({ payload }) => {
    const id = await started();
    expect((await post(id, 'signals/go', payload)).status).toBe(202);
    expect(await commandsOf(id)).toEqual([expect.objectContaining({ kind: 'signal', name: 'go', payload })]);
  });

  it('needs no payload', async () => {
    const id = await started();
    expect((await post(id, 'signals/go')).status).toBe(202);
    expect(await commandsOf(id)).toMatchObject([{ payload: null }]);
  });

  it('has to be one that a wait node of its version takes', async () => {
    const id = await started();
    const answer = await post(id, 'signals/stop', {});
    expect([answer.status, answer.body.code]).toEqual([422, 'UNKNOWN_SIGNAL']);
    expect(await commandsOf(id)).toEqual([]);
  });

  it('is at most 128 KiB', async () => {
    const id = await started();
    expect((await post(id, 'signals/go', { x: 'x'.repeat(128 * 1024 - 8) })).status).toBe(202);
    const answer = await post(id, 'signals/go', { x: 'x'.repeat(128 * 1024 - 7) });
    expect([answer.status, answer.body.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });

  it('is one of at most a thousand that are kept', async () => {
    const id = await started();
    const signal = { name: 'go', payload: 1, takers: ['w'] };
    await inTenant(async (db) => {
      for (let n = 0; n < 1_000; n++) await new CommandsRepository(db).signal(id, signal, 'x');
    });
    const answer = await post(id, 'signals/go', {});
    expect([answer.status, answer.body.code]).toEqual([429, 'TOO_MANY_SIGNALS']);
  });

  it('is noted once for an Idempotency-Key, and no other one under it', async () => {
    const id = await started();
    const key = { headers: { 'idempotency-key': randomUUID() } };
    expect((await post(id, 'signals/go', { n: 1 }, key)).status).toBe(202);
    expect((await post(id, 'signals/go', { n: 1 }, key)).status).toBe(202);
    const other = await post(id, 'signals/go', { n: 2 }, key);
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect(await commandsOf(id)).toHaveLength(1);
    await ended(id);
    expect((await post(id, 'signals/go', { n: 1 }, key)).status).toBe(202);
  });
});

describe.each(['pause', 'resume', 'signals/go'])('%s', (what) => {
  it('tells nothing to what has ended', async () => {
    const id = await started();
    await ended(id);
    const answer = await post(id, what, {});
    expect([answer.status, answer.body.code]).toEqual([422, 'INVALID_STATE']);
    expect((await gateway.call('GET', `/executions/${id}`)).body.paused).toBe(false);
  });

  it('is for admins and developers of the tenant, and for what there is', async () => {
    const id = await started();
    for (const roles of [['viewer'], ['auditor'], ['approver']])
      expect((await post(id, what, {}, as({ realm_access: { roles } }))).status).toBe(403);
    expect((await post(id, what, {}, as({ realm_access: { roles: ['developer'] } }))).status).toBe(202);
    expect((await post(id, what, {}, as({ tenant_id: randomUUID() }))).status).toBe(404);
    expect((await post(randomUUID(), what, {})).status).toBe(404);
    expect((await commandsOf(id)).length).toBeLessThanOrEqual(1);
  });
});

it.each([
  '"\\ud800"',
  '{"__proto__": 1}',
  '[{"constructor": 1}]',
  '1e999',
  'nothing',
  `${'['.repeat(200)}${']'.repeat(200)}`,
])('a signal does not carry %s', async (text) => {
  const id = await started();
  const { authorization } = await gateway.authorization();
  const answer = await fetch(`${gateway.url}/api/v1/executions/${id}/signals/go`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: text,
  });
  expect(answer.status).toBe(400);
  expect(await commandsOf(id)).toEqual([]);
});
