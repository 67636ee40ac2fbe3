import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { executionWorkflowId } from '@aumos/agf-domain';
import {
  type Client,
  completed,
  decide,
  type Definition,
  ended,
  pendingApproval,
  publish,
  start,
  tracesOf,
  unique,
} from '@aumos/agf-test-support';
import { WebServer } from '@aumos/agf-testing';
import { Client as TemporalClient, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TENANTS } from '@aumos/agf-devstack';
import { as, events, OUTGOING_ALLOW, world } from '../system.js';

const CANARY = 'CANARYSECRET-sk-live-0123456789';
/** Kept wherever the call is: what finds it would find the secret. */
const NOTE = 'CANARYNOTE-0123456789';

let developer: Client;
let stranger: Client;
let crm: WebServer;
let tool: string;
let secret: string;

const noteWorkflow = (called = tool): Definition => ({
  schema: 'agf/workflow/v1',
  name: unique('note'),
  state: { noted: {} },
  nodes: [
    {
      id: 'note',
      type: 'tool',
      tool: called,
      arguments: { customer: { cel: 'input.customer' }, text: { cel: 'input.text' } },
      output: 'noted',
    },
  ],
  edges: [
    { source: 'START', target: 'note' },
    { source: 'note', target: 'END' },
  ],
  output: { cel: 'state.noted' },
});

const definitionOf = (url: string): object => ({
  kind: 'http',
  description: 'Adds a note to a customer.',
  category: 'http',
  input_schema: {
    type: 'object',
    properties: { customer: { type: 'string' }, text: { type: 'string' } },
    required: ['customer', 'text'],
    additionalProperties: false,
  },
  output_schema: { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] },
  min_privilege_level: 3,
  idempotent: false,
  timeout_seconds: 10,
  http: {
    method: 'POST',
    url,
    headers: { authorization: { secret, prefix: 'Bearer ' } },
    body: { note: { cel: 'arguments.text' } },
    result: { id: { cel: 'response.json.id' }, echo: { cel: 'response.json.you' } },
  },
});

export function registeredTools(): void {
  beforeAll(async () => {
    [developer, stranger, crm] = await Promise.all([
      as('acme-developer'),
      as('globex-admin'),
      WebServer.start(undefined, { address: OUTGOING_ALLOW }),
    ]);
    // One that shows its clients what they sent.
    crm.says(({ headers }) => ({
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: 7, you: headers }),
    }));
    [tool, secret] = [unique('crm_note'), unique('crm')];
    const kept = { name: secret, value: CANARY, hosts: [`${OUTGOING_ALLOW}:${String(crm.port)}`] };
    await developer.must(201, developer.post('/secrets', kept));
    const url = crm.url('/v1/customers/{customer}/notes', OUTGOING_ALLOW);
    await developer.must(201, developer.post('/tools', { name: tool, ...definitionOf(url) }));
  });
  afterAll(() => crm.close());

  it('are called once they are approved, as they say, with a secret that is kept nowhere', async () => {
    const workflow = await publish(developer, noteWorkflow());
    const id = await start(developer, workflow, { customer: 'a/../b?c', text: NOTE });
    const approver = await as('acme-approver-1');
    const approval = await pendingApproval(approver, id);
    expect(JSON.stringify(approval)).toContain(NOTE);
    expect(crm.requests).toEqual([]);
    expect((await decide(approver, approval.id)).status).toBe(200);
    const { output_data } = await completed(developer, id);
    expect(output_data).toMatchObject({ id: 7, echo: { authorization: '[secret]' } });
    expect(crm.requests).toMatchObject([
      {
        method: 'POST',
        path: '/v1/customers/a%2F..%2Fb%3Fc/notes',
        headers: { authorization: `Bearer ${CANARY}`, 'idempotency-key': `${id}/note/1` },
        body: JSON.stringify({ note: NOTE }),
      },
    ]);
    expect(await tracesOf(developer, id)).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: 'tool', name: tool })]),
    );
    await expectNowhere(id);
  });

  it('of another tenant are neither seen nor called', async () => {
    expect((await stranger.get(`/tools/${tool}`)).status).toBe(404);
    expect((await stranger.get('/tools?page_size=100')).text).not.toContain(tool);
    expect((await stranger.get('/secrets?page_size=100')).text).not.toContain(secret);
    const definition = noteWorkflow();
    const refused = await stranger.post('/workflows', { name: definition.name, graph_definition: definition });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('UNKNOWN_TOOL');
    // Their own of the same name does not get the secret.
    const own = { name: tool, ...definitionOf(crm.url('/v1/{customer}', OUTGOING_ALLOW)) };
    const named = await stranger.post('/tools', own);
    expect(named.status).toBe(400);
    expect(named.text).toContain(`there is no secret ${secret}`);
  });

  it('are called no more once they are disabled, by executions that wait for an approval neither', async () => {
    const before = crm.requests.length;
    const id = await start(developer, await publish(developer, noteWorkflow()), { customer: 'x', text: 'y' });
    const approver = await as('acme-approver-1');
    const approval = await pendingApproval(approver, id);
    expect((await developer.request('DELETE', `/tools/${tool}`)).status).toBe(204);
    await decide(approver, approval.id);
    expect((await ended(developer, id)).error_details).toMatchObject({ code: 'TOOL_NOT_FOUND', node: 'note' });
    expect(crm.requests).toHaveLength(before);
  });
}

/** In no table, no event, no log, no history, and not in Redis; what was beside it is found. */
async function expectNowhere(executionId: string): Promise<void> {
  const kept = { tables: await tablesText(), history: await historyText(executionId) };
  expect([kept.tables.includes(NOTE), kept.history.includes(NOTE)]).toEqual([true, true]);
  const told = JSON.stringify(await events().upToNow(), (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  expect(told).toContain(executionId);
  const all = { ...kept, told, logs: logsText(), redis: await redisText() };
  for (const [where, text] of Object.entries(all)) expect([where, text.includes(CANARY)]).toEqual([where, false]);
}

async function tablesText(): Promise<string> {
  const tables = await world().rows<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public'`,
  );
  const texts = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await world().rows<{ row: string }>(`select x::text as row from ${name} x`);
      return rows.map(({ row }) => row).join('\n');
    }),
  );
  // Bytes are shown as hexadecimal digits.
  return texts.join('\n').replaceAll(Buffer.from(CANARY).toString('hex'), CANARY);
}

async function historyText(executionId: string): Promise<string> {
  const { temporal, temporal_namespace: namespace } = world().local;
  const connection = await Connection.connect({ address: temporal });
  try {
    const handle = new TemporalClient({ connection, namespace }).workflow.getHandle(
      executionWorkflowId(TENANTS.acme, executionId),
    );
    const { events: history } = await handle.fetchHistory();
    return JSON.stringify(history, bytesAsText);
  } finally {
    await connection.close();
  }
}

/** Payloads are in base64. */
const bytesAsText = (name: string, value: unknown): unknown =>
  name === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString() : value;

const logsText = (): string => {
  const folder = join(world().home, 'logs');
  const files = readdirSync(folder).filter((file) => statSync(join(folder, file)).isFile());
  return files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
};

async function redisText(): Promise<string> {
  const { redis } = world();
  const keys = await redis.keys('*');
  const dumps = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
  return dumps.map((dump) => dump?.toString('latin1') ?? '').join('\n');
}
