import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type McpOffer, offerHash } from '@aumos/agf-domain';
import { AuditRepository, TenantDb, ToolsRepository } from '@aumos/agf-persistence';
import { McpTestServer } from '@aumos/agf-testing';
import { type Answer, type CallOptions, type Gateway, startGateway } from './support/gateway.js';

const CANARY = 'CANARY-secret-0123456789';
const HTTP = { method: 'POST', url: 'https://crm.example.com/v1/{id}', body: { cel: 'arguments' } };
const TOOL = {
  kind: 'http',
  description: 'Adds a note.',
  category: 'http',
  input_schema: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
  output_schema: true,
  min_privilege_level: 3,
  idempotent: false,
  timeout_seconds: 10,
  http: HTTP,
};

describe('what a tenant registers', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway({ AUMOS_AGF_OUTGOING_ALLOW: '127.0.0.1' });
  }, 120_000);
  afterAll(() => gateway.close());

  const unique = (): string => `t${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const as = (role: string, privilege_level = 5, tenant_id = gateway.tenant): CallOptions => ({
    claims: { sub: `${role}-1`, tenant_id, privilege_level, realm_access: { roles: [role] } },
  });
  const stranger = (): CallOptions => as('admin', 5, randomUUID());
  const make = (body: object = {}, more?: CallOptions) =>
    gateway.call('POST', '/tools', { name: unique(), ...TOOL, ...body }, more);
  const fieldsOf = ({ body }: Answer): { field: string; error: string }[] =>
    (body as { details: { fields: { field: string; error: string }[] } }).details.fields;
  const audited = async (resource_id: string) => {
    const rows = await gateway.app
      .get(TenantDb)
      .run(gateway.tenant, () => gateway.app.get(AuditRepository).list({ resource_id, sort_order: 'asc' }));
    return rows.items.map(({ action, outcome, actor_id, details }) => ({ action, outcome, actor_id, details }));
  };

  describe('a tool', () => {
    it('is made, read, revised and disabled, each of which is in the audit', async () => {
      const made = await make({ rate_limit: { calls: 5, seconds: 60 }, cost: 0.5 }, as('developer'));
      const name = String(made.body.name);
      expect(made).toMatchObject({
        status: 201,
        body: { ...TOOL, id: name, version: 1, enabled: true, cost: 0.5, created_by: 'developer-1' },
      });
      expect(made.headers.get('location')).toBe(`/api/v1/tools/${name}`);
      expect((await gateway.call('GET', `/tools/${name}`, undefined, as('viewer'))).body).toEqual(made.body);
      const revised = await gateway.call('PUT', `/tools/${name}`, { ...TOOL, min_privilege_level: 2 }, as('admin'));
      expect(revised).toMatchObject({ status: 200, body: { version: 2, min_privilege_level: 2, cost: null } });
      for (const _ of [1, 2])
        expect((await gateway.call('DELETE', `/tools/${name}`, undefined, as('developer'))).status).toBe(204);
      expect((await gateway.call('GET', `/tools/${name}`)).body).toMatchObject({ version: 2, enabled: false });
      expect((await make({ name })).status).toBe(409);
      expect((await gateway.call('PUT', `/tools/${name}`, { ...TOOL, name })).body).toMatchObject({
        ...{ version: 3, enabled: true },
      });
      expect(await audited(name)).toMatchObject([
        { action: 'tool.register', outcome: 'allowed', actor_id: 'developer-1', details: { version: 1, level: 3 } },
        { action: 'tool.revise', actor_id: 'admin-1', details: { version: 2, level: 2, level_before: 3 } },
        { action: 'tool.disable', actor_id: 'developer-1', details: { version: 2 } },
        { action: 'tool.revise', details: { version: 3, level: 3, level_before: 2 } },
      ]);
    });

    it.each<[object, string]>([
      [{ name: 'csv_profile' }, 'name'],
      [{ name: 'builtin' }, 'name'],
      [{ http: { ...HTTP, url: 'file:///etc/passwd' } }, 'http.url'],
      [{ http: { ...HTTP, headers: { Authorization: CANARY } } }, 'http.headers.Authorization'],
      [{ http: { ...HTTP, headers: { x: { secret: 'nobody' } } } }, 'http.headers.x'],
      [{ http: { ...HTTP, body: { cel: 'state.x' } } }, 'http.body'],
      [{ http: undefined }, 'http'],
      [{ kind: 'shell' }, 'kind'],
      [{ enabled: true }, 'enabled'],
    ])('that has %j is none', async (body, field) => {
      const refused = await make(body);
      expect(refused).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' } });
      expect(fieldsOf(refused).map((each) => each.field)).toEqual([field]);
      expect(JSON.stringify(refused.body)).not.toContain(CANARY);
    });

    it('is written by who has its level, and may write', async () => {
      expect(await make({}, as('developer', 2))).toMatchObject({
        ...{ status: 403, body: { code: 'PRIVILEGE_DENIED', details: { need: 3, effective: 2 } } },
      });
      const { name } = (await make({ min_privilege_level: 4 })).body as { name: string };
      // Not over one of a higher level either: it would be called at less.
      for (const min_privilege_level of [2, 4]) {
        const lower = { ...TOOL, min_privilege_level };
        const denied = await gateway.call('PUT', `/tools/${name}`, lower, as('developer', 3));
        expect(denied).toMatchObject({ status: 403, body: { code: 'PRIVILEGE_DENIED', details: { need: 4 } } });
      }
      const disabled = await gateway.call('DELETE', `/tools/${name}`, undefined, as('developer', 3));
      expect(disabled).toMatchObject({ status: 403, body: { code: 'PRIVILEGE_DENIED', details: { need: 4 } } });
      expect(await audited(name)).toMatchObject([
        { action: 'tool.register' },
        { action: 'tool.revise', outcome: 'denied', details: { need: 4, effective: 3 } },
        { action: 'tool.revise', outcome: 'denied' },
        { action: 'tool.disable', outcome: 'denied', details: { need: 4, effective: 3 } },
      ]);
      for (const role of ['viewer', 'auditor', 'approver']) {
        const answers = [
          await make({}, as(role)),
          await gateway.call('PUT', `/tools/${name}`, TOOL, as(role)),
          await gateway.call('DELETE', `/tools/${name}`, undefined, as(role)),
        ];
        expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
        expect((await gateway.call('GET', '/tools', undefined, as(role))).status).toBe(200);
      }
      expect((await gateway.call('GET', `/tools/${name}`)).body).toMatchObject({ version: 1, enabled: true });
    });

    it('keeps its name', async () => {
      const { name } = (await make()).body as { name: string };
      const other = await gateway.call('PUT', `/tools/${name}`, { ...TOOL, name: 'other' });
      expect(fieldsOf(other)).toEqual([{ field: 'name', error: `must be ${name}` }]);
      expect((await gateway.call('PUT', `/tools/${unique()}`, TOOL)).status).toBe(404);
      expect((await gateway.call('PUT', `/tools/csv_profile`, TOOL)).status).toBe(404);
      expect((await gateway.call('DELETE', `/tools/${unique()}`)).status).toBe(404);
      expect((await gateway.call('GET', `/tools/no%00body`)).status).toBe(404);
    });

    it('is listed by page and by whether it is enabled', async () => {
      const { name } = (await make()).body as { name: string };
      await gateway.call('DELETE', `/tools/${name}`);
      const listed = async (query: string): Promise<{ total: number; items: { name: string }[] }> =>
        (await gateway.call('GET', `/tools?${query}`)).body as { total: number; items: { name: string }[] };
      const all = await listed('page_size=1');
      expect(all).toMatchObject({ page_size: 1, has_next: true });
      const [enabled, disabled] = [await listed('enabled=true'), await listed('enabled=false')];
      expect(enabled.total + disabled.total).toBe(all.total);
      expect(disabled.items.map((each) => each.name)).toContain(name);
      expect((await gateway.call('GET', '/tools?enabled=maybe')).status).toBe(400);
    });

    it('of another tenant does not exist, and its name is free', async () => {
      const { name } = (await make()).body as { name: string };
      const other = stranger();
      const answers = [
        await gateway.call('GET', `/tools/${name}`, undefined, other),
        await gateway.call('PUT', `/tools/${name}`, TOOL, other),
        await gateway.call('DELETE', `/tools/${name}`, undefined, other),
      ];
      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
      expect((await gateway.call('GET', '/tools', undefined, other)).body.total).toBe(0);
      expect((await make({ name }, other)).status).toBe(201);
      expect((await gateway.call('GET', `/tools/${name}`)).body).toMatchObject({ version: 1, enabled: true });
    });
  });

  describe('in definitions', () => {
    const publish = (tool: string, more: object = {}, options?: CallOptions) => {
      const graph_definition = {
        schema: 'agf/workflow/v1',
        name: `w-${randomUUID()}`,
        nodes: [{ id: 'a', type: 'tool', tool, arguments: { id: 'x' }, ...more }],
        edges: [
          { source: 'START', target: 'a' },
          { source: 'a', target: 'END' },
        ],
      };
      return gateway.call('POST', '/workflows', { name: graph_definition.name, graph_definition }, options);
    };
    const rulesOf = ({ body }: Answer): string[] =>
      (body as { details: { findings: { rule: string }[] } }).details.findings.map(({ rule }) => rule);

    it('are known to the tenant that has them, while they are enabled', async () => {
      const { name } = (await make()).body as { name: string };
      expect((await publish(name)).status).toBe(201);
      expect(
        (
          await publish('csv_profile', {
            arguments: { source: `artifact:${randomUUID()}` },
            compensate: { tool: name, arguments: { id: 'x' } },
          })
        ).status,
      ).toBe(201);
      expect(rulesOf(await publish(name, {}, stranger()))).toContain('UNKNOWN_TOOL');
      expect(rulesOf(await publish(name, { arguments: {} }))).not.toEqual([]);
      await gateway.call('DELETE', `/tools/${name}`);
      expect(rulesOf(await publish(name))).toContain('UNKNOWN_TOOL');
      expect(rulesOf(await publish('no\u0000body'))).not.toEqual([]);
    });

    it("count with their level, also an agent's and a child's", async () => {
      const { name } = (await make({ min_privilege_level: 4 })).body as { name: string };
      const agent = { name: unique(), privilege_level: 3, tool_access: { [name]: {} } };
      expect((await gateway.call('POST', '/agents', agent)).status).toBe(201);
      expect((await gateway.call('POST', '/agents', { ...agent, name: unique() }, stranger())).status).toBe(400);
      const called = { type: 'agent', agent: agent.name, prompt: 'Go.', arguments: undefined, tool: undefined };
      expect(rulesOf(await publish(name, called))).toContain('PRIVILEGE_EXCEEDED');
    });

    it('are simulated', async () => {
      const { name } = (await make({ min_privilege_level: 2 })).body as { name: string };
      const { body: workflow } = await publish(name);
      const answers = { calls: [{ tool: name, reply: { result: { ok: true } } }] };
      const simulated = await gateway.call('POST', `/workflows/${String(workflow.id)}/simulate`, answers);
      expect(simulated).toMatchObject({ status: 200, body: { status: 'completed' } });
    });
  });

  describe('a secret', () => {
    const SECRET = { value: CANARY, hosts: ['crm.example.com'] };
    const keep = (body: object = {}, more?: CallOptions) =>
      gateway.call('POST', '/secrets', { name: unique(), ...SECRET, ...body }, more);

    it('is kept, replaced and forgotten; nothing ever tells what it is', async () => {
      const made = await keep({}, as('developer'));
      const name = String(made.body.name);
      const times = { created_at: expect.any(String), updated_at: expect.any(String) };
      expect(made).toMatchObject({ status: 201 });
      expect(made.body).toEqual({ name, hosts: SECRET.hosts, ...times });
      expect((await keep({ name })).status).toBe(409);
      const replaced = await gateway.call('PUT', `/secrets/${name}`, { ...SECRET, hosts: ['a.example:8443'] });
      expect(replaced.body).toEqual({ name, hosts: ['a.example:8443'], ...times });
      const listed = await gateway.call('GET', '/secrets?page_size=100', undefined, as('auditor'));
      expect(listed.body.items).toContainEqual(replaced.body);
      expect((await gateway.call('DELETE', `/secrets/${name}`)).status).toBe(204);
      expect((await gateway.call('DELETE', `/secrets/${name}`)).status).toBe(404);
      expect((await audited(name)).map(({ action, details }) => [action, details])).toEqual([
        ['secret.create', { hosts: SECRET.hosts }],
        ['secret.replace', { hosts: ['a.example:8443'] }],
        ['secret.remove', {}],
      ]);
    });

    it.each<[object, string]>([
      [{ name: 'connection.warehouse' }, 'name'],
      [{ value: 'short' }, 'value'],
      [{ value: `${CANARY}\n` }, 'value'],
      [{ value: [CANARY] }, 'value'],
      [{ hosts: [] }, 'hosts'],
      [{ hosts: ['*.example.com'] }, 'hosts'],
      [{ hosts: ['https://example.com'] }, 'hosts'],
      [{ hosts: ['u@example.com'] }, 'hosts'],
      [{ hosts: ['Example.com'] }, 'hosts'],
      [{ hosts: 'example.com' }, 'hosts'],
      [{ more: 1 }, 'more'],
    ])('that has %j is none', async (body, field) => {
      const refused = await keep(body);
      expect(refused.status).toBe(400);
      expect(fieldsOf(refused).map((each) => each.field)).toEqual([field]);
      expect(JSON.stringify(refused.body)).not.toContain('CANARY');
    });

    it('is named by tools that go where it may', async () => {
      const { name } = (await keep()).body as { name: string };
      const headers = { authorization: { secret: name, prefix: 'Bearer ' } };
      expect(await make({ http: { ...HTTP, headers } })).toMatchObject({ status: 201, body: { http: { headers } } });
      const elsewhere = await make({ http: { ...HTTP, headers, url: 'https://evil.example/{id}' } });
      expect(fieldsOf(elsewhere)).toEqual([
        { field: 'http.headers.authorization', error: `the secret ${name} is not for evil.example` },
      ]);
      expect(fieldsOf(await make({ http: { ...HTTP, headers } }, stranger()))[0]?.error).toMatch(/there is no secret/);
    });

    it('of another tenant, and of a connection, does not exist; who may only read it cannot write', async () => {
      const { name } = (await keep()).body as { name: string };
      for (const path of [`/secrets/${name}`, '/secrets/connection.warehouse']) {
        const answers = [
          await gateway.call('GET', path, undefined, stranger()),
          await gateway.call('PUT', path, SECRET, stranger()),
          await gateway.call('DELETE', path, undefined, stranger()),
        ];
        expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
      }
      expect((await gateway.call('GET', '/secrets', undefined, stranger())).body.total).toBe(0);
      for (const role of ['viewer', 'auditor', 'approver']) expect((await keep({}, as(role))).status).toBe(403);
      expect((await gateway.call('GET', '/secrets', undefined, as('viewer'))).status).toBe(403);
    });

    it('is sealed in the database', async () => {
      await keep();
      const rows = await gateway.app
        .get(TenantDb)
        .run(gateway.tenant, (em) => em.query<{ all: string }[]>(`select agf_secrets::text as all from agf_secrets`));
      expect(rows.length).toBeGreaterThan(0);
      for (const { all } of rows) {
        expect(all).not.toContain(CANARY);
        expect(all).not.toContain(Buffer.from(CANARY).toString('hex'));
      }
    });
  });

  describe('a tool of a team’s handler', () => {
    const { http: _http, ...rest } = TOOL;
    const BILL = { ...rest, kind: 'function', function: { task_queue: 'agf-nodes-billing', handler: 'bill' } };

    it('is made and read, and needs a queue of a team', async () => {
      const made = await gateway.call('POST', '/tools', { ...BILL, name: unique(), timeout_seconds: 600 });
      expect(made).toMatchObject({ status: 201, body: { ...BILL, timeout_seconds: 600, version: 1, review: null } });
      expect(made.body).not.toHaveProperty('http');
      const platforms = { task_queue: 'agf-executions', handler: 'bill' };
      const refused = await gateway.call('POST', '/tools', { ...BILL, name: unique(), function: platforms });
      expect(fieldsOf(refused)).toMatchObject([{ field: 'function.task_queue' }]);
    });
  });

  describe('a tool of a server that speaks MCP', () => {
    const LISTED = {
      name: 'note',
      description: 'Adds a note.',
      inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
      annotations: { readOnlyHint: true },
    };
    let server: McpTestServer;
    beforeAll(async () => {
      server = await McpTestServer.start();
    });
    beforeEach(() => {
      Object.assign(server, { tools: [LISTED], intercept: () => false });
      server.says(() => ({ content: [] }));
    });
    afterAll(() => server.close());

    const body = (over: object = {}) => ({
      ...{
        name: unique(),
        kind: 'mcp',
        category: 'data',
        min_privilege_level: 3,
        idempotent: false,
        timeout_seconds: 10,
      },
      mcp: { url: server.url, tool: 'note' },
      ...over,
    });
    const made = async (over: object = {}): Promise<string> => {
      const answer = await gateway.call('POST', '/tools', body(over));
      expect(answer.status).toBe(201);
      return String(answer.body.name);
    };
    /** As the worker does when it finds the server saying that. */
    const held = async (name: string, listed: Partial<typeof LISTED> = {}): Promise<string> => {
      const { inputSchema: input_schema, ...said } = { ...LISTED, ...listed };
      const offer: McpOffer = { ...said, input_schema };
      const hash = offerHash(offer);
      const review = { reason: 'changed', hash, offer, problem: null, found_at: new Date().toISOString() } as const;
      const tools = gateway.app.get(ToolsRepository);
      await gateway.app.get(TenantDb).run(gateway.tenant, async () => {
        const last = await tools.last(name);
        await tools.hold(name, last!.version, review);
      });
      return hash;
    };
    const review = (name: string, decision: object, more?: CallOptions) =>
      gateway.call('POST', `/tools/${name}/review`, decision, more);

    it('has what its server says of it, pinned', async () => {
      await gateway.call('POST', '/secrets', { name: 'mcp', value: CANARY, hosts: [server.host] });
      const headers = { authorization: { secret: 'mcp', prefix: 'Bearer ' } };
      const answer = await gateway.call('POST', '/tools', body({ mcp: { url: server.url, tool: 'note', headers } }));
      expect(answer).toMatchObject({
        status: 201,
        body: {
          ...{ description: 'Adds a note.', input_schema: LISTED.inputSchema, min_privilege_level: 3, review: null },
          mcp: { tool: 'note', headers, pin: { hash: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown as string } },
        },
      });
      expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${CANARY}`);
      expect(JSON.stringify(answer.body)).not.toContain(CANARY);
      expect(server.calls).toEqual([]);
      server.tools = [{ ...LISTED, description: 'Second.' }];
      const { name } = answer.body as { name: string };
      const revised = await gateway.call('PUT', `/tools/${name}`, body({ name }));
      expect(revised.body).toMatchObject({ version: 2, description: 'Second.' });
    });

    it('is not what was sent where its server says otherwise', async () => {
      const differing = await gateway.call('POST', '/tools', body({ description: 'Reads a note.' }));
      expect(differing).toMatchObject({ status: 422, body: { code: 'TOOL_DIFFERS' } });
      expect(fieldsOf(differing)).toMatchObject([{ field: 'description' }]);
      server.tools = [{ ...LISTED, inputSchema: { type: 'array' } }];
      expect(await gateway.call('POST', '/tools', body())).toMatchObject({
        status: 422,
        body: { code: 'TOOL_DIFFERS' },
      });
    });

    it.each<[string, () => object, number, string]>([
      ['an address inside', () => ({ url: 'http://169.254.169.254/mcp', tool: 'note' }), 400, 'mcp.url'],
      ['a tool it has not', () => ({ url: server.url, tool: 'nobody' }), 400, 'mcp.tool'],
      [
        'a secret that is none',
        () => ({ url: server.url, tool: 'note', headers: { x: { secret: 'no' } } }),
        400,
        'mcp.headers.x',
      ],
    ])('with %s is none', async (_, mcp, status, field) => {
      const refused = await gateway.call('POST', '/tools', body({ mcp: mcp() }));
      expect([refused.status, fieldsOf(refused).map((each) => each.field)]).toEqual([status, [field]]);
    });

    it('of a server that does not answer is not made', async () => {
      server.intercept = (_request, _body, response) => response.writeHead(500).end() !== undefined;
      expect(await gateway.call('POST', '/tools', body())).toMatchObject({
        status: 502,
        body: { code: 'BAD_GATEWAY' },
      });
    });

    it('is asked of nobody for who may not write it', async () => {
      expect((await gateway.call('POST', '/tools', body(), as('developer', 2))).status).toBe(403);
      expect(server.requests).toEqual([]);
    });

    it('that has changed is reviewed: accepted it is the next version, rejected it stays disabled', async () => {
      const name = await made();
      const hash = await held(name, { description: 'Changed.' });
      expect((await gateway.call('GET', `/tools/${name}`)).body).toMatchObject({
        ...{
          enabled: false,
          description: 'Adds a note.',
          review: { reason: 'changed', hash, offer: { description: 'Changed.' } },
        },
      });
      const other = { accept: true, hash: '0'.repeat(64) };
      expect(await review(name, other)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
      expect(await review(name, { accept: 'yes', hash })).toMatchObject({ status: 400 });
      const accepted = await review(name, { accept: true, hash }, as('admin'));
      expect(accepted).toMatchObject({
        status: 200,
        body: {
          version: 2,
          enabled: true,
          description: 'Changed.',
          review: null,
          mcp: { pin: { hash } },
          min_privilege_level: 3,
        },
      });
      expect(await review(name, { accept: true, hash })).toMatchObject({
        status: 422,
        body: { code: 'INVALID_STATE' },
      });
      const again = await held(name, { description: 'Evil.' });
      const rejected = await review(name, { accept: false, hash: again }, as('admin'));
      expect(rejected.body).toMatchObject({ version: 2, enabled: false, description: 'Changed.', review: null });
      expect((await audited(name)).slice(1)).toMatchObject([
        { action: 'tool.review', outcome: 'allowed', actor_id: 'admin-1', details: { version: 2, hash } },
        { action: 'tool.review', outcome: 'denied', details: { version: 2, hash: again } },
      ]);
    });

    it('is reviewed by admins of its level, of its tenant', async () => {
      const name = await made();
      const hash = await held(name, { description: 'Changed.' });
      const decision = { accept: true, hash };
      expect((await review(name, decision, as('developer'))).status).toBe(403);
      expect(await review(name, decision, as('admin', 2))).toMatchObject({
        ...{ status: 403, body: { code: 'PRIVILEGE_DENIED' } },
      });
      expect((await review(name, decision, stranger())).status).toBe(404);
      expect((await gateway.call('GET', `/tools/${name}`)).body).toMatchObject({ enabled: false, version: 1 });
    });
  });

  describe('where its tools may go', () => {
    const rules = (only: unknown, more?: CallOptions) => gateway.call('PUT', '/outgoing-rules', { only }, more);

    it('is listed, replaced and opened again, each of which is in the audit; another tenant’s stays', async () => {
      const foreign = stranger();
      expect((await rules(['theirs.example.com'], foreign)).status).toBe(200);
      expect((await gateway.call('GET', '/outgoing-rules')).body).toEqual({
        only: null,
        updated_by: null,
        updated_at: null,
      });
      const only = ['api.example.com', '*.partner.example:443', '203.0.113.0/24'];
      expect(await rules([...only, only[0]], as('admin'))).toMatchObject({
        status: 200,
        body: { only, updated_by: 'admin-1' },
      });
      expect((await gateway.call('GET', '/outgoing-rules', undefined, as('auditor'))).body).toMatchObject({ only });
      expect((await gateway.call('GET', '/outgoing-rules', undefined, foreign)).body).toMatchObject({
        only: ['theirs.example.com'],
      });
      expect((await rules(null)).body).toMatchObject({ only: null });
      expect(await audited(gateway.tenant)).toMatchObject([
        { action: 'outgoing_rules.replace', details: { only, before: null } },
        { details: { only: null, before: only } },
      ]);
    });

    it.each([[['http://x.example/']], [['a b']], ['x.example'], [[1]], [undefined], [Array(201).fill('x.example')]])(
      'is no list %#',
      async (only) => {
        expect(await rules(only)).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' } });
      },
    );

    it('holds for what is asked when a tool is registered, too', async () => {
      const server = await McpTestServer.start([{ name: 'note', inputSchema: { type: 'object' } }]);
      const mcp = { url: server.url, tool: 'note' };
      const tool = { kind: 'mcp', category: 'data', min_privilege_level: 2, idempotent: true, timeout_seconds: 5, mcp };
      await rules(['api.example.com']);
      const refused = await gateway.call('POST', '/tools', { name: unique(), ...tool });
      expect(fieldsOf(refused)).toMatchObject([{ field: 'mcp.url' }]);
      await rules(null);
      expect((await gateway.call('POST', '/tools', { name: unique(), ...tool })).status).toBe(201);
      await server.close();
    });
  });
});
