import { describe, expect, it } from '@jest/globals';
import {
  askedOf,
  checkTool,
  type FieldError,
  type McpAsked,
  type McpToolDefinition,
  offerHash,
  offerOf,
  pinTool,
} from '../src/index.js';

const HTTP = {
  method: 'POST',
  url: 'https://crm.example.com/v1/customers/{id}/notes',
  headers: { authorization: { secret: 'crm', prefix: 'Bearer ' }, 'X-Kind': { cel: 'arguments.kind' }, 'x-a': 'b' },
  query: { notify: { cel: "get(arguments, 'notify', null)" } },
  body: { text: { cel: 'arguments.text' }, fixed: [1, null] },
  result: { id: { cel: 'response.json.id' }, of: { cel: 'arguments.id' } },
};
const TOOL = {
  name: 'crm_note',
  kind: 'http',
  description: 'Adds a note to a customer.',
  category: 'http',
  input_schema: {
    type: 'object',
    properties: { id: { type: 'string' }, text: { type: 'string' }, kind: { type: 'string' } },
    required: ['id', 'text'],
  },
  output_schema: true,
  min_privilege_level: 3,
  idempotent: true,
  timeout_seconds: 20,
  rate_limit: { calls: 10, seconds: 60 },
  cost: 0.2,
  http: HTTP,
};

const fieldsOf = (tool: unknown): FieldError[] => {
  const checked = checkTool(tool, new Set(['csv_profile']));
  return 'fields' in checked ? checked.fields : [];
};
const named = (tool: unknown): string[] => fieldsOf(tool).map(({ field }) => field);

describe('a tool', () => {
  it('is taken as it is sent', () => {
    expect(checkTool(TOOL, new Set())).toEqual({ definition: TOOL });
  });

  it.each<[string, object]>([
    ['name', { name: 'csv_profile' }],
    ['name', { name: 'builtin' }],
    ['name', { name: 'constructor' }],
    ['name', { name: 'agf_x' }],
    ['name', { name: 'Crm' }],
    ['name', { name: 'crm/x' }],
    ['name', { name: 1 }],
    ['kind', { kind: 'shell' }],
    ['description', { description: '' }],
    ['category', { category: 'x' }],
    ['input_schema', { input_schema: true }],
    ['input_schema', { input_schema: { ...TOOL.input_schema, type: 'array' } }],
    ['input_schema', { input_schema: { ...TOOL.input_schema, patternProperties: { '(?<=a)': {} } } }],
    ['input_schema', { input_schema: { ...TOOL.input_schema, $ref: 'https://example.com/x' } }],
    ['input_schema', { input_schema: { ...TOOL.input_schema, title: 'x'.repeat(20_000) } }],
    ['output_schema', { output_schema: { type: 'nothing' } }],
    ['output_schema', { output_schema: null }],
    ['min_privilege_level', { min_privilege_level: 6 }],
    ['min_privilege_level', { min_privilege_level: 1 }],
    ['min_privilege_level', { min_privilege_level: 2.5 }],
    ['idempotent', { idempotent: 'yes' }],
    ['timeout_seconds', { timeout_seconds: 0 }],
    ['timeout_seconds', { timeout_seconds: 31 }],
    ['rate_limit.calls', { rate_limit: { calls: 0, seconds: 1 } }],
    ['rate_limit.more', { rate_limit: { calls: 1, seconds: 1, more: 1 } }],
    ['cost', { cost: -1 }],
    ['version', { version: 7 }],
    ['description', { description: 'a\u0000' }],
    ['', { description: 'x'.repeat(4_000), http: { ...HTTP, body: 'x'.repeat(70_000) } }],
  ])('with a wrong %s is none: %j', (field, change) => {
    expect(named({ ...TOOL, ...change })).toEqual([field]);
  });

  it('says all that is missing', () => {
    const needed = Object.keys(TOOL).filter((key) => !['rate_limit', 'cost'].includes(key));
    expect(named({}).sort()).toEqual(needed.sort());
    expect(named({ ...TOOL, http: {} })).toEqual(['http.method', 'http.url']);
    for (const nothing of [null, undefined, 1, 'x', [], [TOOL], () => TOOL]) expect(named(nothing)).not.toEqual([]);
  });

  it.each<[string, object]>([
    ['http.method', { method: 'TRACE' }],
    ['http.url', { url: '/v1' }],
    ['http.url', { url: 'ftp://example.com/' }],
    ['http.url', { url: 'https://{id}.example.com/' }],
    ['http.url', { url: 'https://example.com{id}' }],
    ['http.url', { url: 'https://example.com:{id}/' }],
    ['http.url', { url: 'https://u:p@example.com/' }],
    ['http.url', { url: 'https://example.com/#{id}' }],
    ['http.url', { url: 'https://example.com/{id' }],
    ['http.url', { url: 'https://example.com/{a b}' }],
    ['http.url', { url: 'https://example.com/{other}' }],
    ['http.url', { url: 'https://example.com/?x={kind}' }],
    ['http.url', { url: 'https://example.com/../x' }],
    ['http.url', { url: 'https://example.com/%2E%2e/x' }],
    ['http.url', { url: 'https://example.com\\@evil.example/' }],
    ['http.url', { url: `https://example.com/${'x'.repeat(5_000)}` }],
    ['http.headers.Host', { headers: { Host: 'evil.example' } }],
    ['http.headers.Idempotency-Key', { headers: { 'Idempotency-Key': 'x' } }],
    ['http.headers.Authorization', { headers: { Authorization: 'Bearer s3cret' } }],
    ['http.headers.cookie', { headers: { cookie: { cel: 'arguments.text' } } }],
    ['http.headers.x', { headers: { x: 'a\r\nb: c' } }],
    ['http.headers.x', { headers: { x: { secret: 'crm', prefix: '\n' } } }],
    ['http.headers.x.secret', { headers: { x: { secret: 'connection.warehouse' } } }],
    ['http.headers.x.of', { headers: { x: { secret: 'crm', of: 'other' } } }],
    ['http.headers.x', { headers: { x: { cel: 'state.x' } } }],
    ['http.headers.a b', { headers: { 'a b': 'x' } }],
    ['http.headers.A', { headers: { a: 'x', A: 'x' } }],
    ['http.body', { body: { cel: 'arguments.' } }],
    ['http.body', { body: { cel: 'response.json' } }],
    ['http.body', { body: { token: [{ secret: 'crm' }] } }],
    ['http.query.x', { query: { x: { secret: 'crm', prefix: 'a' } } }],
    ['http.body', { method: 'GET' }],
    ['http.result', { result: { cel: 'input.x' } }],
    ['http.more', { more: 1 }],
  ])('whose %s is wrong is none: %j', (field, change) => {
    expect(named({ ...TOOL, http: { ...HTTP, ...change } })).toEqual([field]);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('has no member %s', (key) => {
    const hostile = JSON.parse(JSON.stringify(TOOL).replace('"fixed"', JSON.stringify(key))) as unknown;
    expect(named(hostile)).toEqual([`http.body.${key}`]);
  });

  it('that reads may be of level 1', () => {
    const { body, ...get } = { ...HTTP, method: 'GET' };
    expect(body).toBeDefined();
    expect(fieldsOf({ ...TOOL, min_privilege_level: 1, http: get })).toEqual([]);
  });
});

describe('a tool that a team’s handler does', () => {
  const { http: _http, ...rest } = TOOL;
  const BILL = { ...rest, kind: 'function', function: { task_queue: 'agf-nodes-billing', handler: 'bill' } };

  it('is taken as it is sent, and may take longer', () => {
    for (const tool of [BILL, { ...BILL, timeout_seconds: 3_600, min_privilege_level: 1 }])
      expect(checkTool(tool, new Set())).toEqual({ definition: tool });
  });

  it.each<[string, object]>([
    ['function', { function: undefined }],
    ['function.handler', { function: { task_queue: 'q', handler: 'no such/name' } }],
    ['function.more', { function: { task_queue: 'q', handler: 'h', more: 1 } }],
    ['function.task_queue', { function: { task_queue: '', handler: 'h' } }],
    ['function.task_queue', { function: { task_queue: 'agf-executions', handler: 'h' } }],
    ['function.task_queue', { function: { task_queue: 'agf-approvals', handler: 'h' } }],
    ['function.task_queue', { function: { task_queue: 'agf-graphs-x', handler: 'h' } }],
    ['function.task_queue', { function: { task_queue: '/_sys/x', handler: 'h' } }],
    ['timeout_seconds', { timeout_seconds: 3_601 }],
    ['http', { http: HTTP }],
  ])('with a wrong %s is none: %j', (field, change) => {
    expect(named({ ...BILL, ...change })).toEqual([field]);
  });
});

describe('a tool of a server that speaks MCP', () => {
  const { http: _http, description: _d, input_schema: _i, output_schema: _o, ...rest } = TOOL;
  const MCP = {
    ...rest,
    kind: 'mcp',
    mcp: { url: 'https://mcp.example.com/mcp', tool: 'add note', headers: { authorization: { secret: 'crm' } } },
  };
  const asked = (change: object = {}): McpAsked => {
    const checked = checkTool({ ...MCP, ...change }, new Set());
    if ('asked' in checked) return checked.asked;
    throw new Error(JSON.stringify(checked));
  };
  const LISTED = {
    name: 'add note',
    title: 'Add a note',
    description: 'Adds a note.',
    inputSchema: { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', properties: {} },
    annotations: { readOnlyHint: true },
    _meta: { not: 'pinned' },
  };
  const said = (change: object = {}) => pinTool(asked(), offerOf({ ...LISTED, ...change })!);

  it('needs nothing that its server says', () => {
    expect(asked()).toEqual(MCP);
  });

  it.each<[string, object]>([
    ['mcp.url', { mcp: { ...MCP.mcp, url: 'https://mcp.example.com/{tenant}' } }],
    ['mcp.url', { mcp: { ...MCP.mcp, url: 'stdio:x' } }],
    ['mcp.tool', { mcp: { url: MCP.mcp.url } }],
    ['mcp.headers.x', { mcp: { ...MCP.mcp, headers: { x: { cel: 'arguments.x' } } } }],
    ['mcp.headers.Accept', { mcp: { ...MCP.mcp, headers: { Accept: 'x' } } }],
    ['mcp.headers.mcp-session-id', { mcp: { ...MCP.mcp, headers: { 'mcp-session-id': 'x' } } }],
    ['mcp.headers.cookie', { mcp: { ...MCP.mcp, headers: { cookie: 'x=y' } } }],
    ['mcp.pin', { mcp: { ...MCP.mcp, pin: { hash: 'x' } } }],
    ['min_privilege_level', { min_privilege_level: 1 }],
    ['timeout_seconds', { timeout_seconds: 31 }],
  ])('with a wrong %s is none: %j', (field, change) => {
    expect(named({ ...MCP, ...change })).toEqual([field]);
  });

  it('has the description and the schema that its server says, and all of that pinned', () => {
    const made = said();
    expect(made).toMatchObject({
      definition: {
        description: 'Adds a note.',
        input_schema: LISTED.inputSchema,
        min_privilege_level: 3,
        mcp: { pin: { title: 'Add a note', annotations: { readOnlyHint: true } } },
      },
    });
    const hashes = [{}, { _meta: 1 }].map((change) => offerHash(offerOf({ ...LISTED, ...change })!));
    expect(new Set(hashes)).toEqual(new Set([(made as { definition: McpToolDefinition }).definition.mcp.pin.hash]));
    const changes = [
      { description: 'Adds a note' },
      { title: 'x' },
      { inputSchema: { ...LISTED.inputSchema, properties: { a: {} } } },
      { outputSchema: { type: 'object' } },
      { annotations: {} },
    ];
    const others = changes.map((change) => offerHash(offerOf({ ...LISTED, ...change })!));
    expect(new Set([...hashes, ...others]).size).toBe(1 + changes.length);
    expect(askedOf((made as { definition: McpToolDefinition }).definition)).toEqual(MCP);
  });

  it('is not what was sent where its server says something else', () => {
    const sent = { description: 'Adds a note.', input_schema: { type: 'object' }, output_schema: true };
    const differs = pinTool(asked(sent), offerOf(LISTED)!);
    expect(differs).toMatchObject({ differs: [{ field: 'input_schema' }, { field: 'output_schema' }] });
    expect(pinTool(asked({ description: 'Adds a note.' }), offerOf(LISTED)!)).toHaveProperty('definition');
  });

  it.each<[string, object]>([
    ['input_schema', { inputSchema: undefined }],
    ['input_schema', { inputSchema: { type: 'array' } }],
    ['input_schema', { inputSchema: { type: 'object', properties: { a: { pattern: '(?<=a)' } } } }],
    ['input_schema', { inputSchema: { type: 'object', title: 'x'.repeat(20_000) } }],
    ['output_schema', { outputSchema: { type: 'nothing' } }],
    ['description', { description: 'x'.repeat(5_000) }],
    ['mcp.tool', { annotations: { x: 'x'.repeat(70_000) } }],
  ])('whose server says a wrong %s is none', (field, change) => {
    expect(said(change)).toMatchObject({ fields: [{ field }] });
  });

  it('is nothing where what is said cannot be read', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 200; i++) deep = [deep];
    for (const listed of [
      null,
      1,
      [],
      {},
      { name: 1 },
      { ...LISTED, annotations: deep },
      { ...LISTED, title: '\ud800' },
    ])
      expect(offerOf(listed)).toBeNull();
  });
});
