import {
  type BuiltinTool,
  CallerError,
  checkTool,
  type HttpTarget,
  type HttpToolDefinition,
  type Json,
  type JsonObject,
  type RegisteredTool,
  type SecretResolver,
  type ToolRegistry,
} from '@aumos/agf-domain';
import { WebServer } from '@aumos/agf-testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BuiltinTools, runTool, ToolCatalog } from '../src/index.js';
import { context, type TestContext } from './context.js';

const TENANT = '7c9e6679-7425-4de8-944b-e07fc1f90ae7';
const SECRET = 'plain-secret';
let web: WebServer;

beforeAll(async () => {
  web = await WebServer.start();
});
afterAll(async () => {
  await web.close();
});
beforeEach(() => {
  web.says(() => ({ headers: { 'content-type': 'application/json' }, body: '{"id":7,"tags":["a"]}' }));
});

type OwnTool = RegisteredTool & HttpToolDefinition;

/** One that publishing lets pass. */
function registered(http: Partial<HttpTarget>, over: Partial<OwnTool> = {}): OwnTool {
  const definition: HttpToolDefinition = {
    name: 'crm_note',
    kind: 'http',
    description: 'Adds a note.',
    category: 'http',
    input_schema: {
      type: 'object',
      properties: { id: { type: ['string', 'integer'] }, text: { type: 'string' }, tags: { type: 'array' } },
      required: ['id'],
      additionalProperties: false,
    },
    output_schema: true,
    min_privilege_level: 2,
    idempotent: true,
    timeout_seconds: 5,
    http: { method: 'POST', ...http, url: http.url ?? web.url('/v1/{id}/notes?of={id}') },
  };
  const { id = 'one', version = 1, ...changed } = over;
  const checked = checkTool({ ...definition, ...changed }, new Set());
  if ('fields' in checked) throw new Error(JSON.stringify(checked.fields));
  return { ...(checked as { definition: HttpToolDefinition }).definition, id, version };
}

const registryOf = (...tools: RegisteredTool[]): ToolRegistry => ({
  newest: (_, names) =>
    Promise.resolve(new Map(tools.filter(({ name }) => names.includes(name)).map((t) => [t.name, t]))),
  version: (_, name, version) => Promise.resolve(tools.find((t) => t.name === name && t.version === version) ?? null),
});

async function run(tool: RegisteredTool, args: JsonObject, call: TestContext = context()): Promise<Json> {
  const found = await new ToolCatalog(new BuiltinTools(), registryOf(tool)).callable(TENANT, tool.name);
  return runTool(found as BuiltinTool, args, call);
}
const isRefused = (code: string, more: object = {}) => expect.objectContaining({ code, ...more });

/** For the server of the tests, and no other. */
const secrets = (): SecretResolver => ({
  open: (name, host) =>
    name === 'crm' && host === `127.0.0.1:${String(web.port)}`
      ? Promise.resolve(SECRET)
      : Promise.reject(new CallerError('SECRET_NOT_FOUND', `there is no secret ${name} for ${host}`)),
});

describe('a registered tool', () => {
  it('sends what its arguments make, and gives what its result says', async () => {
    const tool = registered({
      query: { tag: { cel: "get(arguments, 'tags', null)" }, none: null, fixed: 1 },
      headers: { 'X-Text': { cel: 'arguments.text' }, 'x-fixed': 'yes' },
      body: { note: { cel: 'arguments.text' }, list: [1, { cel: 'size(arguments.tags)' }] },
      result: { id: { cel: 'response.json.id' }, of: { cel: 'arguments.id' }, status: { cel: 'response.status' } },
    });
    const call = context();
    const result = await run(tool, { id: 'a/../b?c', text: 'hello', tags: ['x&y', 2] }, call);
    expect(result).toEqual({ id: 7, of: 'a/../b?c', status: 200 });
    expect(web.requests).toMatchObject([
      {
        method: 'POST',
        path: '/v1/a%2F..%2Fb%3Fc/notes?of=a%2F..%2Fb%3Fc&tag=x%26y&tag=2&fixed=1',
        headers: {
          'x-text': 'hello',
          'x-fixed': 'yes',
          'content-type': 'application/json',
          'idempotency-key': call.effect_key,
        },
        body: '{"note":"hello","list":[1,2]}',
      },
    ]);
  });

  it('gives the whole answer where it does not say which part', async () => {
    const { body, ...get } = registered({ method: 'GET' }).http;
    expect(body).toBeUndefined();
    expect(await run(registered(get), { id: 1 })).toMatchObject({ status: 200, json: { id: 7 }, body: null });
    expect(web.requests[0]).toMatchObject({ method: 'GET', path: '/v1/1/notes?of=1', body: '' });
    expect(web.requests[0]?.headers).not.toHaveProperty('idempotency-key');
  });

  it.each<[string, Partial<HttpTarget>, JsonObject, string]>([
    ['arguments its schema does not take', {}, { id: 1, more: 1 }, 'INVALID_ARGUMENTS'],
    ['no argument', {}, {}, 'INVALID_ARGUMENTS'],
    ['a step up', {}, { id: '..' }, 'INVALID_ARGUMENTS'],
    ['an empty segment', {}, { id: '' }, 'INVALID_ARGUMENTS'],
    ['an expression that fails', { body: { cel: 'arguments.text' } }, { id: 1 }, 'EXPRESSION_ERROR'],
    [
      'a header that is none',
      { headers: { x: { cel: 'arguments.text' } } },
      { id: 1, text: 'a\r\nb: c' },
      'INVALID_REQUEST',
    ],
    [
      'a header that is no text',
      { headers: { x: { cel: 'arguments.tags' } } },
      { id: 1, tags: [] },
      'INVALID_ARGUMENTS',
    ],
    [
      'a parameter that is no text',
      { query: { x: { cel: 'arguments.tags' } } },
      { id: 1, tags: [{}] },
      'INVALID_ARGUMENTS',
    ],
  ])('sends nothing for %s', async (_, http, args, code) => {
    await expect(run(registered(http), args)).rejects.toEqual(isRefused(code, { fault: 'caller' }));
    expect(web.requests).toEqual([]);
  });

  it('goes nowhere that the platform may not go', async () => {
    const tool = registered({ url: 'http://169.254.169.254/latest/{id}' });
    await expect(run(tool, { id: 1 })).rejects.toEqual(isRefused('ADDRESS_BLOCKED'));
  });

  it('fails as the answer does, unless any status is wanted', async () => {
    web.says(() => ({ status: 503, body: 'no' }));
    await expect(run(registered({}), { id: 1 })).rejects.toEqual(isRefused('UPSTREAM_STATUS', { retryable: true }));
    expect(await run(registered({ any_status: true }), { id: 1 })).toMatchObject({ status: 503, body: 'no' });
  });

  it('gives only what it promises', async () => {
    const broken = { output_schema: { type: 'string' } };
    await expect(run(registered({}, broken), { id: 1 })).rejects.toEqual(isRefused('INVALID_RESULT'));
    const none = registered({ result: { cel: 'response.json.none' } });
    await expect(run(none, { id: 1 })).rejects.toEqual(isRefused('INVALID_RESULT', { retryable: false }));
  });

  it.each([
    [true, 'UPSTREAM_UNREACHABLE', true],
    [false, 'OUTCOME_UNKNOWN', false],
  ])('whose answer is lost is tried again only if it is idempotent: %j', async (idempotent, code, retryable) => {
    web.says(() => (response) => response.socket?.destroy());
    await expect(run(registered({}, { idempotent }), { id: 1 })).rejects.toEqual(isRefused(code, { retryable }));
  });

  it('that writes follows no redirect', async () => {
    web.says(({ path }) => (path.startsWith('/v1') ? { status: 307, headers: { location: '/x' } } : { body: 'x' }));
    await expect(run(registered({}), { id: 1 })).rejects.toEqual(isRefused('UPSTREAM_STATUS'));
    expect(web.requests).toHaveLength(1);
  });
});

describe('a secret', () => {
  const tool = (more: Partial<HttpTarget> = {}) =>
    registered({ headers: { Authorization: { secret: 'crm', prefix: 'Bearer ' } }, ...more });

  it('is sent in its header', async () => {
    const plain = { open: () => Promise.resolve('plain-secret') };
    await run(tool(), { id: 1 }, context({ secrets: plain }));
    expect(web.requests[0]?.headers.authorization).toBe('Bearer plain-secret');
  });

  it('that is for no such host is not sent, nor is anything', async () => {
    await expect(run(tool({ headers: { x: { secret: 'other' } } }), { id: 1 })).rejects.toEqual(
      isRefused('SECRET_NOT_FOUND'),
    );
    const elsewhere = tool({ url: web.url('/', 'localhost') });
    await expect(run(elsewhere, { id: 1 }, context({ secrets: secrets() }))).rejects.toEqual(
      isRefused('SECRET_NOT_FOUND'),
    );
    expect(web.requests).toEqual([]);
  });

  it('does not go with a redirect to another origin', async () => {
    const other = await WebServer.start();
    web.says(() => ({ status: 302, headers: { location: other.url('/', '127.0.0.1') } }));
    const get = tool({ method: 'GET', headers: { 'X-Key': { secret: 'crm' } } });
    await run(get, { id: 1 }, context({ secrets: { open: () => Promise.resolve('plain-secret') } }));
    await other.close();
    expect(web.requests[0]?.headers['x-key']).toBe('plain-secret');
    expect(other.requests).toHaveLength(1);
    expect(other.requests[0]?.headers).not.toHaveProperty('x-key');
  });

  it.each<[string, string, (sent: string) => string]>([
    ['JSON', 'application/json', (sent) => JSON.stringify({ [sent]: [{ you_sent: `Bearer ${sent}` }] })],
    ['escaped JSON', 'application/json', (sent) => `{"a":"\\u0070${sent.slice(1)}"}`],
    ['text', 'text/plain', (sent) => `you sent ${sent}!`],
    ['binary', 'image/png', (sent) => `x${sent}x`],
    ['base64', 'text/plain', (sent) => Buffer.from(sent).toString('base64')],
    ['percent signs', 'text/plain', (sent) => encodeURIComponent(sent)],
    ['a number', 'application/json', () => '{"n":12345678901}'],
  ])('that a server shows is hidden: %s', async (what, type, shown) => {
    const value = what === 'a number' ? '12345678901' : 'plain-secret/+1';
    web.says(() => ({ headers: { 'content-type': type, etag: `"${value}"` }, body: shown(value) }));
    const result = JSON.stringify(await run(tool(), { id: 1 }, context({ secrets: { open: async () => value } })));
    for (const form of [value, Buffer.from(value).toString('base64').slice(0, 8), encodeURIComponent(value)])
      expect(result).not.toContain(form);
    expect(result).toContain('[secret]');
  });

  it('is hidden before the result is made', async () => {
    web.says(() => ({ headers: { 'content-type': 'application/json' }, body: '{"you":"plain-secret"}' }));
    const parts = tool({ result: { cel: "response.json.you.split('')" } });
    const result = await run(parts, { id: 1 }, context({ secrets: { open: async () => 'plain-secret' } }));
    expect((result as string[]).join('')).toBe('[secret]');
  });

  it('that no header can have is told by no error', async () => {
    const call = context({ secrets: { open: async () => 'plain-secret\n' } });
    const error: unknown = await run(tool(), { id: 1 }, call).catch((each: unknown) => each);
    expect(error).toMatchObject({ code: 'INVALID_REQUEST' });
    expect(JSON.stringify([error, (error as Error).message, (error as Error).stack])).not.toContain('plain-secret');
  });
});

describe('the catalog', () => {
  const own = registered({ url: 'https://example.com/{id}' }, { version: 3 });
  const catalog = new ToolCatalog(new BuiltinTools(), registryOf(own, { ...own, id: 'two', name: 'csv_profile' }));

  it('has what is built in, which nothing shadows, and what the tenant has', async () => {
    const found = await catalog.of(TENANT, [
      'csv_profile',
      'crm_note',
      'nobody',
      'crm_note',
      'no\u0000body',
      '__proto__',
    ]);
    expect([...found.keys()]).toEqual(['csv_profile', 'crm_note']);
    expect(found.get('csv_profile')?.category).toBe('data');
    expect(Object.keys(found.get('crm_note') ?? {})).not.toContain('http');
    expect(found.get('crm_note')).toMatchObject({ version: 3, min_privilege_level: 2 });
  });

  it('runs the version of now, and none that waits for a review', async () => {
    expect((await catalog.callable(TENANT, 'crm_note'))?.spec.version).toBe(3);
    expect(await catalog.callable(TENANT, 'nobody')).toBeNull();
    expect(await catalog.callable(TENANT, '__proto__')).toBeNull();
    expect((await catalog.callable(TENANT, 'csv_profile'))?.spec.category).toBe('data');
    const held = new ToolCatalog(new BuiltinTools(), registryOf({ ...own, held: true }));
    await expect(held.callable(TENANT, 'crm_note')).rejects.toEqual(isRefused('TOOL_CHANGED', { fault: 'caller' }));
    expect([...(await held.of(TENANT, ['crm_note'])).keys()]).toEqual(['crm_note']);
  });

  it('measures a call by the version that it was made for', async () => {
    expect((await catalog.called(TENANT, 'crm_note', 3)).spec.version).toBe(3);
    await expect(catalog.called(TENANT, 'crm_note', 2)).rejects.toEqual(isRefused('TOOL_NOT_FOUND'));
  });

  it('knows the tools of a definition, what undoes included', async () => {
    const call = { type: 'tool' as const, arguments: {} };
    const specs = await catalog.specsOf(
      TENANT,
      {
        schema: 'agf/workflow/v1',
        name: 'x',
        nodes: [
          { ...call, id: 'a', tool: 'http_get', compensate: { tool: 'crm_note', arguments: {} } },
          { ...call, id: 'b', tool: 'nobody' },
        ],
        edges: [],
      },
      ['table_load'],
    );
    expect(Object.keys(specs)).toEqual(['http_get', 'crm_note', 'table_load']);
  });
});
