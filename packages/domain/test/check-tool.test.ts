import { describe, expect, it } from '@jest/globals';
import { checkTool, type FieldError } from '../src/index.js';

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
    ['kind', { kind: 'mcp' }],
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
    expect(named({})).toEqual(Object.keys(TOOL).filter((key) => !['rate_limit', 'cost'].includes(key)));
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
