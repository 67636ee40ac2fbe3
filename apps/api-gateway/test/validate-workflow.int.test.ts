import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { GateAnalysis, JsonObject } from '@aumos/agf-domain';
import { createDataSource, DefinitionsRepository, TenantDb } from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { TestIssuer } from '@aumos/agf-platform/testing';
import { testStack } from '@aumos/agf-testing';
import { listening } from './support/listening.js';

const MAIN = path.resolve(import.meta.dirname, '../dist/main.js');

interface Answer {
  status: number;
  body: {
    valid?: boolean;
    findings: { rule: string; severity: string; message: string; pointer?: string }[];
    content_hash: string | null;
    gates: GateAnalysis | null;
    mermaid?: string;
    langgraph?: string;
    id: string;
    code?: string;
    total?: number;
  };
}
type Ask = (method: string, route: string, body?: unknown) => Promise<Answer>;

const definition = (node: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  schema: 'agf/workflow/v1',
  name: 'load-cars',
  nodes: [
    {
      id: 'load',
      type: 'tool',
      tool: 'table_load',
      arguments: { source: { cel: 'input.source' }, table: 't' },
      ...node,
    },
  ],
  edges: [
    { source: 'START', target: 'load' },
    { source: 'load', target: 'END' },
  ],
  ...more,
});
const calling = (workflow: string, version?: number): JsonObject => ({
  ...definition(),
  nodes: [{ id: 'load', type: 'workflow', workflow, input: {}, ...(version ? { version } : {}) }],
});

describe('POST /workflows/validate', () => {
  let database: FreshDatabase;
  let issuer: TestIssuer;
  let gateway: ChildProcess;
  let url: string;

  beforeAll(async () => {
    [database, issuer] = await Promise.all([freshDatabase(), TestIssuer.start()]);
    const env = {
      PATH: process.env['PATH'],
      ...issuer.env,
      AUMOS_AGF_PORT: '0',
      AUMOS_AGF_DATABASE_URL: database.appUrl,
      AUMOS_AGF_REDIS_URL: testStack().redis,
      AUMOS_AGF_SECRETS_KEY: randomBytes(32).toString('base64'),
      AUMOS_AGF_HITL_APPROVAL_URL: 'http://127.0.0.1:1',
      AUMOS_AGF_CIRCUIT_BREAKER_MONITOR_URL: 'http://127.0.0.1:1',
    };
    gateway = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    url = await listening(gateway);
  }, 300_000);
  afterAll(async () => {
    const ended = once(gateway, 'exit');
    gateway.kill('SIGTERM');
    await ended;
    await issuer.close();
    await database.drop();
  });

  const as = async (role: string, tenant_id: string = randomUUID()): Promise<Ask> => {
    const token = await issuer.token({ tenant_id, privilege_level: 3, realm_access: { roles: [role] } });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return async (method, route, body) => {
      const sent = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
      const answer = await fetch(`${url}/api/v1/workflows${route}`, { method, headers, body: sent });
      return { status: answer.status, body: (await answer.json()) as Answer['body'] };
    };
  };
  /** The answer to a body that is only announced: the rest of it could no longer be sent. */
  const announced = async (bytes: number): Promise<number | undefined> => {
    const token = await issuer.token({ tenant_id: randomUUID(), realm_access: { roles: ['developer'] } });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': bytes };
    const sent = request(`${url}/api/v1/workflows/validate`, { method: 'POST', headers });
    sent.flushHeaders();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    sent.on('error', () => undefined).destroy();
    return answer.statusCode;
  };
  const rulesOf = ({ body }: Answer): string[] => body.findings.map(({ rule }) => rule);

  it('finds what publishing finds, gives the hash it would store, and writes nothing', async () => {
    const ask = await as('developer');
    const body = { name: 'load-cars', graph_definition: definition() };
    const answer = await ask('POST', '/validate', body);
    expect(answer).toMatchObject({ status: 200, body: { valid: true } });
    expect((await ask('GET', '')).body.total).toBe(0);
    const published = (await ask('POST', '', body)) as Answer & { body: { warnings: unknown[] } };
    expect(published.status).toBe(201);
    expect(answer.body).toMatchObject({ content_hash: published.body.content_hash, findings: published.body.warnings });
    // The same name again: publishing would be a conflict, validating is not.
    expect((await ask('POST', '/validate', body)).body.valid).toBe(true);
  });

  it('proves the approval of each risky call', async () => {
    const ask = await as('admin');
    const gates = { some: { gate_name: 'some', trigger_condition: 'input.big == true' } };
    const answer = await ask('POST', '/validate', {
      graph_definition: definition({ gate: 'some' }),
      hitl_gates: gates,
    });
    expect(answer.body.gates).toEqual({
      calls: [
        {
          node: 'load',
          kind: 'call',
          callee: 'table_load',
          need: 3,
          own_gate: { kind: 'node', name: 'some', asks: 'depends', approvals_required: 1 },
          gate_nodes: [],
          approval: 'none',
          path: ['START', 'load'],
        },
      ],
      unproven: 1,
      not_listed: 0,
    });
  });

  it('exports where it is asked to, and what is sound though it is not valid', async () => {
    const ask = await as('developer');
    const plain = await ask('POST', '/validate', { graph_definition: definition() });
    expect([plain.body.mermaid, plain.body.langgraph]).toEqual([undefined, undefined]);
    const both = await ask('POST', '/validate?include=mermaid,langgraph', {
      graph_definition: definition({ tool: 'no_such' }),
    });
    expect(both.body).toMatchObject({ valid: false, content_hash: null, gates: { calls: [] } });
    expect(both.body.mermaid).toContain('flowchart TD');
    expect(both.body.langgraph).toContain('new StateGraph(State)');
    expect(await ask('POST', '/validate?include=svg', { graph_definition: {} })).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_ERROR' },
    });
  });

  it('is for those who may publish', async () => {
    for (const role of ['viewer', 'auditor', 'approver']) {
      const ask = await as(role);
      expect((await ask('POST', '/validate', { graph_definition: definition() })).status).toBe(403);
    }
  });

  it('knows the workflows of the tenant, and none of another', async () => {
    const [mine, theirs] = [randomUUID(), randomUUID()];
    const dataSource = await createDataSource(database.appUrl, { applicationName: 'test', poolSize: 1 });
    const db = new TenantDb(dataSource);
    const version = { content_hash: 'x', warnings: [], published_by: 'x' };
    // Nodes that call workflows cannot be published yet: what would be there then is put there.
    await db.run(mine, async () => {
      const repository = new DefinitionsRepository(db);
      for (const [name, graph] of [
        ['child', definition({}, { name: 'child' })],
        ['loop', { ...calling('load-cars'), name: 'loop' }],
      ] as const) {
        const row = { ...version, definition: graph as never };
        await repository.createWithVersion({ name, created_by: 'x' }, row);
      }
    });
    await dataSource.destroy();
    const [ask, other] = [await as('developer', mine), await as('developer', theirs)];
    const unknown = async (who: Ask, graph: JsonObject): Promise<boolean> =>
      rulesOf(await who('POST', '/validate', { graph_definition: graph })).includes('UNKNOWN_WORKFLOW');
    expect(await unknown(ask, calling('child'))).toBe(false);
    expect(await unknown(ask, calling('child', 2))).toBe(true);
    expect(await unknown(other, calling('child'))).toBe(true);
    expect(await unknown(ask, calling('nobodys'))).toBe(true);
    const recursive = await ask('POST', '/validate', { graph_definition: calling('loop') });
    expect(rulesOf(recursive)).toContain('RECURSION_UNBOUNDED');
    expect(rulesOf(await other('POST', '/validate', { graph_definition: calling('loop') }))).not.toContain(
      'RECURSION_UNBOUNDED',
    );
  });

  it('answers anything, with the limits that publishing has', async () => {
    const ask = await as('developer');
    for (const graph of [7, [], {}, null, 'x', { nodes: [{ type: 'workflow', workflow: 7 }, null] }]) {
      const answer = await ask('POST', '/validate', { graph_definition: graph });
      expect([answer.status, answer.body.valid, answer.body.gates]).toEqual([200, false, null]);
    }
    const statuses = ['{"graph_definition": {"__proto__": 1}}', `{"graph_definition": ${'['.repeat(10_000)}`, '[]'].map(
      async (body) => (await ask('POST', '/validate', body)).status,
    );
    expect(await Promise.all(statuses)).toEqual([400, 400, 400]);
    expect(await announced(10 * 1024 * 1024)).toBe(413);
  });
});
