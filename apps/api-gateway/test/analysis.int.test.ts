import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, type CallOptions, type Gateway, startGateway } from './support/gateway.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
}, 120_000);
afterAll(() => gateway.close());

const flow = (nodes: object[], edges: object[], more: object = {}) => ({
  schema: 'agf/workflow/v1',
  nodes,
  edges,
  ...more,
});
async function publish(definition: object, name = `flow-${randomUUID()}`): Promise<string> {
  const { status, body } = await gateway.call('POST', '/workflows', {
    name,
    graph_definition: { ...definition, name },
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return (body as { id: string }).id;
}
const LOAD = flow(
  [
    {
      id: 'profile',
      type: 'tool',
      tool: 'csv_profile',
      arguments: { source: { cel: 'input.source' } },
      output: 'profile',
    },
    {
      id: 'load',
      type: 'tool',
      tool: 'table_load',
      arguments: { source: { cel: 'input.source' }, table: 'cars' },
      on_error: 'note',
    },
    { id: 'note', type: 'transform', set: { notes: { cel: '[state.error.code]' } } },
  ],
  [
    { source: 'START', target: 'profile' },
    { source: 'profile', target: 'load' },
    { source: 'load', target: 'END' },
    { source: 'note', target: 'END' },
  ],
  {
    input: { type: 'object', required: ['source'], properties: { source: { type: 'string' } } },
    state: { profile: {}, notes: { reducer: 'append' } },
  },
);
const SOURCE = { source: `artifact:${randomUUID()}` };
const PROFILE = { tool: 'csv_profile', reply: { error: { code: 'UPSTREAM', message: 'm' } } };
const loop = (max_steps: number, set: object, more: object = {}) =>
  flow(
    [{ id: 'again', type: 'transform', set }],
    [
      { source: 'START', target: 'again' },
      { source: 'again', target: 'again', condition: 'state.n < 100000000' },
      { source: 'again', target: 'END', otherwise: true },
    ],
    { state: { n: { default: 0 }, text: { default: 'x' } }, limits: { max_steps }, ...more },
  );

describe('a simulation', () => {
  const simulate = (id: string, body?: object, options?: CallOptions): Promise<Answer> =>
    gateway.call('POST', `/workflows/${id}/simulate`, body, options);

  it('shows what an execution would come to, with the given answers of tools and people', async () => {
    const id = await publish(LOAD);
    const { status, body } = await simulate(id, {
      input_data: SOURCE,
      calls: [
        { ...PROFILE, node: 'profile', times: 1, reply: { error: { code: 'UPSTREAM', retryable: true }, takes_ms: 5 } },
        PROFILE,
      ],
      people: [{ node: 'load', decision: 'rejected', notes: 'no' }],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'failed', error: { code: 'UPSTREAM', node: 'profile', attempts: 2 } });
    expect(body.visits).toMatchObject([{ node: 'profile', status: 'failed', attempts: 2, approvals: [] }]);
  });

  it('takes decisions of people, and follows what they lead to', async () => {
    const id = await publish({
      ...LOAD,
      nodes: (LOAD.nodes as { id: string }[]).filter(({ id: node }) => node !== 'profile'),
      edges: [{ source: 'START', target: 'load' }, ...LOAD.edges.slice(2)],
    });
    const { status, body } = await simulate(id, { input_data: SOURCE, people: [{ decision: 'rejected' }] });
    expect([status, body.status]).toEqual([200, 'completed']);
    expect(body).toMatchObject({
      output: { notes: ['APPROVAL_REJECTED'] },
      state: { notes: ['APPROVAL_REJECTED'] },
      steps: 2,
    });
    expect(body.visits[0]).toMatchObject({
      node: 'load',
      approvals: [{ gate_name: 'platform', decision: 'rejected', tool: 'table_load', arguments: { table: 'cars' } }],
    });
    const denied = await simulate(id, { input_data: SOURCE, people: [{ decision: 'approved' }], initiator_level: 1 });
    expect(denied.body.state.notes).toEqual(['PRIVILEGE_DENIED']);
    const mine = await simulate(
      id,
      { input_data: SOURCE, people: [{ decision: 'approved' }] },
      { claims: { privilege_level: 2 } },
    );
    expect(mine.body.state.notes).toEqual(['PRIVILEGE_DENIED']);
  });

  it.each([
    [{}, 'UNANSWERED', 'profile'],
    [{ calls: [{ tool: 'table_load', reply: { result: 1 } }] }, 'UNANSWERED', 'profile'],
  ])('%j → 422 %s at %s', async (answers, code, node) => {
    const { status, body } = await simulate(await publish(LOAD), { input_data: SOURCE, ...answers });
    expect([status, body.code, body.details]).toEqual([422, code, { node, visit: 1 }]);
  });

  it('says which answer cannot be', async () => {
    const gate = flow(
      [{ id: 'ask', type: 'gate', gate: 'g' }],
      [
        { source: 'START', target: 'ask' },
        { source: 'ask', target: 'END' },
      ],
      { hitl_gates: { g: { gate_name: 'g', auto_reject_on_timeout: false } } },
    );
    const { status, body } = await simulate(await publish(gate), { people: [{ decision: 'expired' }] });
    expect([status, body.code, body.details]).toEqual([422, 'IMPOSSIBLE_ANSWER', { node: 'ask', visit: 1 }]);
  });

  it('of what loops is broken off; the gateway serves others meanwhile', async () => {
    const id = await publish(loop(1_000_000, { n: { cel: 'state.n + 1' } }));
    const simulated = simulate(id);
    const started = performance.now();
    expect((await gateway.call('GET', `/workflows/${id}`)).status).toBe(200);
    expect(performance.now() - started).toBeLessThan(2_000);
    const { status, body } = await simulated;
    expect([status, body.code, body.details]).toEqual([422, 'SIMULATION_LIMIT', { limit: 'time' }]);
    expect((await simulate(await publish(loop(3, { n: 100_000_000 })))).body.status).toBe('completed');
  });

  it('that comes to too much is refused', async () => {
    const grows = loop(400, { n: { cel: 'state.n + 1' }, text: { cel: 'input.text' } });
    const { status, body } = await simulate(await publish(grows), { input_data: { text: 'x'.repeat(40_000) } });
    expect([status, body.code]).toEqual([422, 'SIMULATION_LIMIT']);
    expect(body.details).toEqual({ limit: 'size' });
  });

  it.each([
    [{ calls: [{ reply: {} }] }, 'calls[0].reply'],
    [{ calls: [{ reply: { result: 1, refused: {} } }] }, 'calls[0].reply'],
    [{ calls: [{}] }, 'calls[0].reply'],
    [{ calls: [{ reply: { result: 1, takes_ms: -1 } }] }, 'calls[0].reply.takes_ms'],
    [{ calls: [{ reply: { error: {} } }] }, 'calls[0].reply.error.code'],
    [{ calls: [{ reply: { result: 1 }, other: 1 }] }, 'calls[0].other'],
    [{ calls: 'all' }, 'calls'],
    [{ people: [{}] }, 'people[0].decision'],
    [{ people: [null] }, 'people'],
    [{ initiator_level: 6 }, 'initiator_level'],
    [{ started_at: 'now' }, 'started_at'],
    [{ tools: {} }, 'tools'],
    [{ input_data: {} }, 'input_data'],
  ])('%j → 400', async (asked, field) => {
    const { status, body } = await simulate(await publish(LOAD), { input_data: SOURCE, ...asked });
    expect([status, body.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(body.details.fields[0].field).toMatch(new RegExp(`^${field.replace(/[[\].]/g, '\\$&')}`));
  });

  it('of another version, of nothing, of another tenant, by who may not', async () => {
    const id = await publish(LOAD);
    expect((await simulate(id, { input_data: SOURCE, version: 2 })).status).toBe(404);
    expect((await simulate(randomUUID(), {})).status).toBe(404);
    const theirs = await simulate(id, { input_data: SOURCE }, { claims: { tenant_id: randomUUID() } });
    expect([theirs.status, theirs.body.code]).toEqual([404, 'NOT_FOUND']);
    expect((await simulate(id, {}, { claims: { realm_access: { roles: ['viewer'] } } })).status).toBe(403);
  });
});

describe('a blast radius', () => {
  const radius = (id: string, key = '', options?: CallOptions): Promise<Answer> =>
    gateway.call('GET', `/workflows/${id}/blast-radius${key && `?key=${key}`}`, undefined, options);

  it('says what an open breaker stops and what contains it, of the newest versions alone', async () => {
    const claims = { tenant_id: randomUUID() };
    const make = async (definition: object): Promise<string> => {
      const name = `flow-${randomUUID()}`;
      const made = await gateway.call(
        'POST',
        '/workflows',
        { name, graph_definition: { ...definition, name } },
        { claims },
      );
      return made.body.id as string;
    };
    const contained = await make(LOAD);
    const stopped = await make({
      ...LOAD,
      nodes: LOAD.nodes.map((node) => ({ ...node, on_error: undefined })).slice(0, 2),
      edges: LOAD.edges.slice(0, 3),
    });
    for (let i = 0; i < 25; i++) await make(loop(3, { n: 1 }));
    const tool = await radius(contained, 'tool:table_load', { claims });
    expect(tool.status).toBe(200);
    expect(tool.body).toMatchObject({ key: 'tool:table_load', starts_refused: [], refused_below: [] });
    const effects = (tool.body.workflows as { workflow_id: string; effect: string; nodes: object[] }[]).map(
      ({ workflow_id, effect, nodes }) => [workflow_id, effect, nodes],
    );
    expect(new Set(effects.map(([id]) => id))).toEqual(new Set([contained, stopped]));
    expect(effects).toContainEqual([
      contained,
      'contained',
      [{ node: 'load', cause: 'tool', effect: 'handled', handler: 'note' }],
    ]);
    expect(effects).toContainEqual([stopped, 'stops', [{ node: 'load', cause: 'tool', effect: 'fails' }]]);
    const own = await radius(stopped, '', { claims });
    expect(own.body.key).toBe(`workflow:${stopped}`);
    expect(own.body.starts_refused).toHaveLength(1);
    expect(own.body.workflows).toMatchObject([
      { workflow_id: stopped, effect: 'stops', nodes: [{ cause: 'own_workflow' }, {}] },
    ]);
    // Another tenant's tool of the same name stops nothing of theirs.
    expect((await radius(await publish(loop(3, { n: 1 })), 'tool:table_load')).body.workflows).not.toContainEqual(
      expect.objectContaining({ workflow_id: contained }),
    );
  });

  it.each(['table_load', 'tool:', 'host:x', 'tool:%00'])('?key=%s → 400', async (key) => {
    const { status, body } = await radius(await publish(loop(3, { n: 1 })), key);
    expect([status, body.code]).toEqual([400, 'VALIDATION_ERROR']);
  });

  it('of another tenant’s workflow → 404', async () => {
    const id = await publish(loop(3, { n: 1 }));
    expect((await radius(id, '', { claims: { tenant_id: randomUUID() } })).status).toBe(404);
    expect((await radius(randomUUID())).status).toBe(404);
  });
});
