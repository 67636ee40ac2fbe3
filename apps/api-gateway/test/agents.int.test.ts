import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditRepository, ExecutionsRepository, TenantDb } from '@aumos/agf-persistence';
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
    [{ circuit_breaker: 5 }, 'circuit_breaker'],
    [{ circuit_breaker: { failure_rate: 0 } }, 'circuit_breaker.failure_rate'],
    [{ circuit_breaker: { slow_call_rate: 1 } }, 'circuit_breaker.slow_call_rate'],
    [{ circuit_breaker: { threshold: 1 } }, 'circuit_breaker.threshold'],
    [{ status: 'active' }, 'status'],
  ])('that are %j are none', async (body, field) => {
    const { status, body: problem } = await make(body);
    expect(status).toBe(400);
    expect((problem as Problem).details.fields.map((each) => each.field)).toContain(field);
  });

  it('say how their breaker behaves, each version its own', async () => {
    const [first, second] = [{ failure_threshold: 2 }, { failure_rate: 0.5, ignored_errors: ['LATE'] }];
    const made = await make({ circuit_breaker: first });
    expect(made).toMatchObject({ status: 201, body: { circuit_breaker: first, version: 1 } });
    const path = `/agents/${String(made.body.id)}`;
    const change = async (body: object) => (await gateway.call('PATCH', path, body)).body as object;
    expect(await change({ circuit_breaker: second })).toMatchObject({ circuit_breaker: second, version: 2 });
    expect(await change({ description: 'x' })).toMatchObject({ circuit_breaker: second, version: 3 });
    expect(await change({ circuit_breaker: null })).toMatchObject({ circuit_breaker: null, version: 4 });
    const { items } = (await gateway.call('GET', `${path}/versions`)).body as { items: { circuit_breaker: unknown }[] };
    expect(items.map(({ circuit_breaker }) => circuit_breaker)).toEqual([null, second, second, first]);
    const refused = await gateway.call('PATCH', path, { circuit_breaker: { minimum_calls: 0 } });
    expect(refused).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' } });
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

  describe('that are changed', () => {
    const change = (id: unknown, body: object, more = {}) => gateway.call('PATCH', `/agents/${String(id)}`, body, more);
    const as = (privilege_level: number, role: string, tenant_id = gateway.tenant) => ({
      claims: { tenant_id, privilege_level, realm_access: { roles: [role] } },
    });

    it('have a version more, and each is kept as it was', async () => {
      const { body: made } = await make({ instructions: 'Be brief.', model: 'small' });
      const set = { instructions: 'Be kind.', model: null, requires_hitl: true, status: 'suspended' };
      expect(await change(made.id, set)).toMatchObject({ status: 200, body: { ...set, version: 2, name: made.name } });
      const tools = await gateway.call('PUT', `/agents/${String(made.id)}/tools`, { tool_access: {} });
      expect(tools).toMatchObject({ status: 200, body: { version: 3, tool_access: {}, instructions: 'Be kind.' } });
      const { body: page } = await gateway.call('GET', `/agents/${String(made.id)}/versions`);
      expect(page.items).toMatchObject([
        { version: 3, tool_access: {}, status: 'suspended', changed_by: expect.any(String) },
        { version: 2, ...set, tool_access: AGENT.tool_access },
        { version: 1, instructions: 'Be brief.', model: 'small', requires_hitl: false, status: 'active' },
      ]);
      const audit = gateway.app.get(AuditRepository);
      const of = { resource_id: String(made.id), sort_order: 'asc' } as const;
      const { items } = await gateway.app.get(TenantDb).run(gateway.tenant, () => audit.list(of));
      expect(items).toMatchObject([
        { action: 'agent.create', details: { level: 2 } },
        { action: 'agent.change', details: { version: 2, changed: Object.keys(set).sort() } },
        { action: 'agent.change', details: { version: 3, changed: ['tool_access'] } },
      ]);
    });

    it('twice at once are changed twice, or one is told', async () => {
      const { body: made } = await make({});
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, i) => change(made.id, { instructions: String(i) })),
      );
      const well = answers.filter(({ status }) => status === 200);
      for (const { status } of answers) expect([200, 409]).toContain(status);
      const now = await gateway.call('GET', `/agents/${String(made.id)}`);
      expect(now.body.version).toBe(1 + well.length);
      expect(new Set(well.map(({ body }) => body.version as number)).size).toBe(well.length);
    });

    it('are within the reach of who changes them, before and after', async () => {
      const { body: high } = await make({ privilege_level: 4 });
      const { body: low } = await make({ privilege_level: 1 });
      for (const [id, set] of [
        [high.id, { instructions: 'Do as I say.' }],
        [high.id, { privilege_level: 1 }],
        [low.id, { privilege_level: 3 }],
      ] as const)
        expect(await change(id, set, as(2, 'developer'))).toMatchObject({
          status: 403,
          body: { code: 'PRIVILEGE_DENIED' },
        });
      expect((await change(low.id, { instructions: 'Go.' }, as(2, 'developer'))).status).toBe(200);
      for (const role of ['viewer', 'auditor', 'approver'])
        expect((await change(low.id, { instructions: 'Go.' }, as(5, role))).status).toBe(403);
    });

    it('are the tenant’s own', async () => {
      const { body: made } = await make({});
      const foreign = as(5, 'admin', randomUUID());
      const path = `/agents/${String(made.id)}`;
      const answers = [
        await change(made.id, { instructions: 'Mine.' }, foreign),
        await gateway.call('PUT', `${path}/tools`, { tool_access: {} }, foreign),
        await gateway.call('DELETE', path, undefined, foreign),
        await gateway.call('GET', `${path}/versions`, undefined, foreign),
        await gateway.call('POST', `${path}/invoke`, { input_data: 'x' }, foreign),
      ];
      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
      expect((await gateway.call('GET', path)).body).toEqual(made);
    });

    it.each([
      [{ name: 'other' }, 'name'],
      [{ status: 'retired' }, 'status'],
      [{ tool_access: { nobody: {} } }, 'tool_access.nobody'],
      [{ instructions: 'a\u0000' }, 'instructions'],
      [{ requires_hitl: 'yes' }, 'requires_hitl'],
      [{ privilege_level: 0 }, 'privilege_level'],
    ])('to %j are not', async (body, field) => {
      const { body: made } = await make({});
      const { status, body: problem } = await change(made.id, body);
      expect(status).toBe(400);
      expect((problem as Problem).details.fields.map((each) => each.field)).toContain(field);
      expect((await gateway.call('GET', `/agents/${String(made.id)}`)).body.version).toBe(1);
    });

    it('to retired ones act no more, are named no more, and change no more', async () => {
      const { body: made } = await make({});
      const path = `/agents/${String(made.id)}`;
      for (let again = 0; again < 2; again++) expect((await gateway.call('DELETE', path)).status).toBe(204);
      expect((await gateway.call('GET', path)).body).toMatchObject({ status: 'retired', version: 2 });
      expect(await change(made.id, { instructions: 'Come back.' })).toMatchObject({
        status: 422,
        body: { code: 'INVALID_STATE' },
      });
      expect((await make({ name: made.name })).status).toBe(409);
      expect(rulesOf(await publish(definition(String(made.name))))).toContain('UNKNOWN_AGENT');
      expect((await gateway.call('POST', `${path}/invoke`, {})).body.code).toBe('INVALID_STATE');
    });
  });

  it('that are invoked are accepted once a key, in the workflow of theirs that no list shows', async () => {
    const { body: made } = await make({});
    const path = `/agents/${String(made.id)}/invoke`;
    const key = { headers: { 'idempotency-key': randomUUID() } };
    // Nobody works here: it is under way when the time to wait is over.
    const asked = { input_data: { question: 'how many?' }, wait_seconds: 0.01 };
    const first = await gateway.call('POST', path, asked, key);
    expect(first).toMatchObject({ status: 202, body: { status: 'pending', input_data: asked.input_data } });
    expect(first.headers.get('location')).toBe(`/api/v1/executions/${String(first.body.id)}`);
    expect((await gateway.call('POST', path, asked, key)).body.id).toBe(first.body.id);
    const other = await gateway.call('POST', path, { ...asked, input_data: 1 }, key);
    expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    const at_once = await Promise.all(Array.from({ length: 5 }, () => gateway.call('POST', path, asked)));
    expect(new Set(at_once.map(({ body }) => body.workflow_id as string))).toEqual(new Set([first.body.workflow_id]));
    const { body: listed } = await gateway.call('GET', '/workflows?page_size=100');
    expect(JSON.stringify(listed)).not.toContain(first.body.workflow_id);
    expect((await gateway.call('POST', path, { execution_id: randomUUID() })).status).toBe(404);
    expect((await gateway.call('POST', path, { wait_seconds: 61 })).status).toBe(400);
  });

  it('are code of a team in place of a model, never both', async () => {
    const executor = { task_queue: 'agf-nodes-pricing', name: 'pricer' };
    const { status, body: made } = await make({ executor });
    expect([status, made.executor, made.model]).toEqual([201, executor, null]);
    const path = `/agents/${String(made.id)}`;
    const fieldsOf = async (answer: Promise<{ status: number; body: unknown }>) => {
      const { status: code, body } = await answer;
      return [code, (body as Problem).details?.fields.map(({ field }) => field)];
    };
    expect(await fieldsOf(make({ executor, model: 'small' }))).toEqual([400, ['executor']]);
    expect(await fieldsOf(gateway.call('PATCH', path, { model: 'small' }))).toEqual([400, ['executor']]);
    for (const task_queue of ['agf-executions', 'agf-graphs-team', 'a\u0000b'])
      expect(await fieldsOf(make({ executor: { ...executor, task_queue } }))).toEqual([400, ['executor.task_queue']]);
    for (const wrong of [{ ...executor, name: 'a b' }, { ...executor, more: 1 }, { name: 'x' }, 'pricer'])
      expect((await make({ executor: wrong })).status).toBe(400);
    const again = await gateway.call('PATCH', path, { executor: null, model: 'small' });
    expect(again).toMatchObject({ status: 200, body: { executor: null, model: 'small', version: 2 } });
    const { body: versions } = await gateway.call('GET', `${path}/versions`);
    expect(versions.items).toMatchObject([{ executor: null }, { executor }]);
  });

  it('that are invoked go on in a session of theirs, or of an execution that they are of', async () => {
    const anAgent = async (more = {}) => (await make({}, more)).body as Record<string, unknown>;
    const [made, other] = [await anAgent(), await anAgent()];
    const invoke = (agent: Record<string, unknown>, body: object, more = {}) =>
      gateway.call('POST', `/agents/${String(agent.id)}/invoke`, { wait_seconds: 0, ...body }, more);
    const { body: workflow } = await publish(definition(String(made.name), { memory: 'shared' }));
    const { body: execution } = await gateway.call('POST', `/workflows/${String(workflow.id)}/execute`, {});
    const execution_id = String(execution.id);
    const sessionOf = async ({ body }: { body: Record<string, unknown> }) =>
      (
        await gateway.app
          .get(TenantDb)
          .run(String(made.tenant_id), () => gateway.app.get(ExecutionsRepository).get(String(body.id)))
      )?.session_id;
    const begun = await invoke(made, {});
    expect(await sessionOf(begun)).toBe(begun.body.id);
    for (const [body, session] of [
      [{ session_id: 'chat-7' }, 'chat-7'],
      [{ execution_id }, `shared:${execution_id}`],
      [{ session_id: `shared:${execution_id}`, execution_id }, `shared:${execution_id}`],
    ] as const)
      expect(await sessionOf(await invoke(made, body))).toBe(session);
    for (const body of [{ execution_id }, { session_id: `shared:${execution_id}` }, { session_id: 'shared:x' }])
      expect((await invoke(other, body)).status).toBe(404);
    for (const body of [{ session_id: 'a b' }, { session_id: 7 }, { session_id: 'x', execution_id }])
      expect((await invoke(made, body)).status).toBe(400);
    const key = { headers: { 'idempotency-key': randomUUID() } };
    expect((await invoke(made, { session_id: 'one' }, key)).status).toBe(202);
    expect((await invoke(made, { session_id: 'two' }, key)).status).toBe(422);
    const claims = { tenant_id: randomUUID(), privilege_level: 5, realm_access: { roles: ['admin'] } };
    const stranger = await anAgent({ claims });
    expect((await invoke(stranger, { execution_id }, { claims })).status).toBe(404);
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
