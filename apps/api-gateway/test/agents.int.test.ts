import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Gateway, startGateway } from './support/gateway.js';

interface Problem {
  details: { fields: { field: string }[] };
}

const AGENT = { privilege_level: 2, tool_access: { csv_profile: { enabled: true } } };

describe('agents', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway();
  }, 120_000);
  afterAll(() => gateway.close());

  const name = (): string => `Agent ${randomUUID()}`;
  const make = (body: object, more = {}) => gateway.call('POST', '/agents', { name: name(), ...AGENT, ...body }, more);
  const definition = (agent: string, more: object = {}) => ({
    schema: 'agf/workflow/v1',
    name: `w-${randomUUID()}`,
    nodes: [{ id: 'a', type: 'agent', agent, prompt: 'Go.', ...more }],
    edges: [
      { source: 'START', target: 'a' },
      { source: 'a', target: 'END' },
    ],
  });
  const publish = (graph_definition: { name: string }, more = {}) =>
    gateway.call('POST', '/workflows', { name: graph_definition.name, graph_definition }, more);
  const rulesOf = ({ body }: { body: { details: { findings: { rule: string }[] } } }): string[] =>
    body.details.findings.map(({ rule }) => rule);

  it('are made, read and listed', async () => {
    const body = {
      name: name(),
      description: 'reads data',
      capabilities: { [`c-${randomUUID()}`]: {} },
      privilege_level: 2,
      tool_access: { csv_profile: { enabled: true }, table_load: { enabled: false } },
      resource_limits: { max_turns: 3, other: 'kept' },
      model: 'small',
      instructions: 'Be brief.',
    };
    const made = await gateway.call('POST', '/agents', body);
    expect(made).toMatchObject({
      status: 201,
      body: { ...body, tenant_id: gateway.tenant, status: 'active', version: 1 },
    });
    expect(made.headers.get('location')).toBe(`/api/v1/agents/${String(made.body.id)}`);
    expect((await gateway.call('GET', `/agents/${String(made.body.id)}`)).body).toEqual(made.body);
    const [capability] = Object.keys(body.capabilities);
    const listed = async (query: string) => (await gateway.call('GET', `/agents?${query}`)).body.total as number;
    expect(await listed(`capability=${String(capability)}`)).toBe(1);
    expect(await listed(`capability=${String(capability)}&agent_status=retired`)).toBe(0);
    expect((await gateway.call('GET', '/agents?agent_status=gone')).status).toBe(400);
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'a\u0000' }, 'name'],
    [{ privilege_level: 6 }, 'privilege_level'],
    [{ tool_access: { nobody: {} } }, 'tool_access.nobody'],
    [{ tool_access: { csv_profile: 'yes' } }, 'tool_access.csv_profile'],
    [{ resource_limits: { max_turns: 0 } }, 'resource_limits.max_turns'],
    [{ capabilities: { x: 'x'.repeat(70_000) } }, 'capabilities'],
    [{ status: 'active' }, 'status'],
  ])('that are %j are none', async (body, field) => {
    const { status, body: problem } = await make(body);
    expect(status).toBe(400);
    expect((problem as Problem).details.fields.map((each) => each.field)).toContain(field);
  });

  it('have a name once, and at most the level of who makes them', async () => {
    const { body } = await make({});
    expect(await make({ name: body.name })).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    const claims = { tenant_id: gateway.tenant, privilege_level: 2, realm_access: { roles: ['developer'] } };
    expect(await make({ privilege_level: 3 }, { claims })).toMatchObject({
      ...{ status: 403, body: { code: 'PRIVILEGE_DENIED', details: { need: 3, effective: 2 } } },
    });
    const viewer = { tenant_id: gateway.tenant, privilege_level: 5, realm_access: { roles: ['viewer'] } };
    expect((await make({}, { claims: viewer })).status).toBe(403);
  });

  it('of another tenant do not exist, and their names are free', async () => {
    const { body: made } = await make({});
    const claims = { tenant_id: randomUUID(), privilege_level: 5, realm_access: { roles: ['admin'] } };
    expect((await gateway.call('GET', `/agents/${String(made.id)}`, undefined, { claims })).status).toBe(404);
    expect((await gateway.call('GET', '/agents', undefined, { claims })).body.total).toBe(0);
    for (const called of [made.name, made.id] as string[])
      expect(rulesOf(await publish(definition(called), { claims }))).toContain('UNKNOWN_AGENT');
    expect((await make({ name: made.name }, { claims })).status).toBe(201);
  });

  it('are named by definitions, which are checked against what they may', async () => {
    const { body: made } = await make({});
    for (const called of [made.name, made.id] as string[])
      expect((await publish(definition(called, { tools: ['csv_profile'] }))).status).toBe(201);
    expect(rulesOf(await publish(definition('nobody')))).toEqual(['UNKNOWN_AGENT']);
    expect(rulesOf(await publish(definition('no\u0000body')))).not.toEqual([]);
    expect(rulesOf(await publish(definition(String(made.name), { tools: ['table_load'] })))).toContain(
      'PRIVILEGE_EXCEEDED',
    );
  });

  it('that are named by a name are in the blast radius of their breaker, and of their tools', async () => {
    const { body: made } = await make({});
    const { body: workflow } = await publish(definition(String(made.name)));
    const hit = async (key: string): Promise<unknown> => {
      const path = `/workflows/${String(workflow.id)}/blast-radius?key=${encodeURIComponent(key)}`;
      return JSON.stringify((await gateway.call('GET', path)).body);
    };
    expect(await hit(`agent:${String(made.id)}`)).toContain(`"cause":"agent"`);
    expect(await hit('tool:csv_profile')).toContain(`"cause":"agent_tool"`);
    expect(await hit(`agent:${randomUUID()}`)).not.toContain('"cause"');
  });

  describe('in a dry run', () => {
    let simulate: (body: object) => ReturnType<Gateway['call']>;
    beforeAll(async () => {
      const { body: made } = await make({ privilege_level: 3, tool_access: { csv_profile: {}, table_load: {} } });
      const { body: workflow } = await publish(definition(String(made.name)));
      simulate = (body) => gateway.call('POST', `/workflows/${String(workflow.id)}/simulate`, body);
    });
    const load = { tool: 'table_load', arguments: { source: 'artifact:x', table: 't' } };

    it('say what they are given to say, call tools, and wait for people', async () => {
      const models = [{ turns: [{ calls: [load], takes_ms: 5 }, { text: 'done' }] }];
      const people = [{ node: 'a~1~table_load', decision: 'rejected' }];
      const { status, body } = await simulate({ models, people });
      expect({ status, body }).toMatchObject({ status: 200, body: { status: 'completed', duration_ms: 5 } });
      expect(body.visits).toMatchObject([
        { node: 'a', type: 'agent', output: 'done' },
        { node: 'a~1', visit: 1, type: 'model' },
        { node: 'a~1', visit: 2, type: 'model' },
        { node: 'a~1~table_load', status: 'failed', error: { code: 'APPROVAL_REJECTED' } },
      ]);
      expect(await simulate({ models })).toMatchObject({ status: 422, body: { code: 'UNANSWERED' } });
    });

    it.each([
      [{}],
      [{ text: 'x', json: 1 }],
      [{ text: 1 }],
      [{ calls: [] }],
      [{ calls: [{ tool: 1 }] }],
      [{ error: {} }],
      [{ text: 'x', takes_ms: -1 }],
      [{ text: 'x', more: 1 }],
    ])('refuse the turn %j', async (turn) => {
      const { status, body } = await simulate({ models: [{ turns: [turn] }] });
      expect(status).toBe(400);
      expect((body as Problem).details.fields[0]?.field).toBe('models[0].turns[0]');
    });
  });
});
