import { type JsonObject } from '@aumos/agf-domain';
import { createOutgoing } from '@aumos/agf-outgoing';
import { type WebAnswer, WebServer } from '@aumos/agf-testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BuiltinTools } from '../src/index.js';
import { context, type TestContext } from './context.js';
import { refusal, run } from './run-builtin.js';

const tools = new BuiltinTools();
let web: WebServer;

beforeAll(async () => {
  web = await WebServer.start();
});
afterAll(async () => {
  await web.close();
});
beforeEach(() => {
  web.says(() => ({ headers: { 'content-type': 'text/plain' }, body: 'ok' }));
});

describe('levels', () => {
  it.each([
    ['http_get', 1],
    ['webhook_post', 2],
    ['http_write', 3],
  ])('%s needs %i', (name, level) => expect(tools.get(name)?.spec.min_privilege_level).toBe(level));
});

describe('http_get', () => {
  const get = (args: JsonObject = {}) => run('http_get', { url: web.url('/x'), ...args });

  it.each([
    ['application/json; charset=utf-8', '{"a":[1]}', { json: { a: [1] }, body: null, encoding: 'text' }],
    ['application/problem+json', 'null', { json: null, body: null, encoding: 'text' }],
    ['application/json', '{broken', { json: null, body: '{broken', encoding: 'text' }],
    ['text/html', '<p>ä</p>', { json: null, body: '<p>ä</p>', encoding: 'text' }],
    ['text/plain; charset=iso-8859-1', Buffer.from([0xe4]), { body: 'ä' }],
    ['text/plain; charset=nonsense', 'ä', { body: 'ä' }],
    ['text/plain', Buffer.from([0xff, 0xfe, 0xe4, 0]), { body: 'ä' }],
    ['image/png', Buffer.from([1, 2, 255]), { json: null, body: 'AQL/', encoding: 'base64' }],
  ])('gives %s as it can be used', async (type, body, result) => {
    web.says(() => ({ headers: { 'content-type': type }, body }));
    expect(await get()).toMatchObject({ status: 200, url: web.url('/x'), redirects: 0, ...result });
  });

  it('sends its headers, and shows none that may be secret', async () => {
    web.says(() => ({ headers: { 'set-cookie': 'sid=s3cret', 'x-internal': 'x', etag: '"1"' } }));
    const result = await get({ headers: { Accept: 'text/html', 'X-Own': 'yes' } });
    expect(web.requests).toMatchObject([
      { method: 'GET', path: '/x', headers: { accept: 'text/html', 'x-own': 'yes' } },
    ]);
    expect((result as JsonObject)['headers']).toEqual({ etag: '"1"', date: expect.any(String) });
  });

  it.each(['Authorization', 'COOKIE', 'X-Api-Key', 'Idempotency-Key', 'webhook-signature'])(
    'takes no header %s from arguments',
    async (name) => {
      const refused = refusal('INVALID_ARGUMENTS', { message: expect.not.stringContaining('s3cret') });
      await expect(get({ headers: { [name]: 's3cret' } })).rejects.toEqual(refused);
      expect(web.requests).toEqual([]);
    },
  );

  it('follows redirects, each of them checked', async () => {
    web.says(({ path }) => (path === '/x' ? { status: 302, headers: { location: '/y' } } : { body: 'there' }));
    expect(await get()).toMatchObject({ redirects: 1, url: web.url('/y'), body: 'there' });
    web.says(() => ({ status: 302, headers: { location: 'http://169.254.169.254/' } }));
    await expect(get()).rejects.toEqual(refusal('ADDRESS_BLOCKED', { fault: 'caller' }));
  });

  it.each([
    [404, false, 'caller', {}],
    [401, false, 'caller', {}],
    [304, false, 'caller', {}],
    [429, true, 'tool', { 'retry-after': '7' }],
    [408, true, 'tool', {}],
    [500, true, 'tool', {}],
    [503, true, 'tool', { 'retry-after': new Date(Date.now() + 999_999).toUTCString() }],
  ])('%i is an error unless any status is wanted', async (status, retryable, fault, headers) => {
    web.says(() => ({ status, headers, body: 's3cret' }));
    const failed: unknown = await get().catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'UPSTREAM_STATUS', retryable, fault, details: { status } });
    expect((failed as Error).message).not.toContain('s3cret');
    const wait = (failed as { details: JsonObject }).details['retry_after_ms'];
    expect(wait).toBe('retry-after' in headers ? (status === 429 ? 7_000 : 60_000) : undefined);
    expect(await get({ any_status: true })).toMatchObject({ status });
  });

  it('takes no more than it may', async () => {
    web.says(() => ({ body: 'x'.repeat(1_001) }));
    expect(await get({ max_bytes: 1_001 })).toMatchObject({ status: 200 });
    await expect(get({ max_bytes: 1_000 })).rejects.toEqual(refusal('RESPONSE_TOO_LARGE'));
    web.says(() => ({ body: 'x'.repeat(200_000) }));
    await expect(get()).rejects.toEqual(refusal('RESPONSE_TOO_LARGE', { details: { limit: 131_072 } }));
    expect(await get({ max_bytes: 200_000 })).toMatchObject({ status: 200 });
  });

  it.each(['http://10.0.0.1/', 'http://localhost/', 'file:///etc/passwd', 'http://u:p@example.com/'])(
    'does not go to %s',
    async (url) => {
      await expect(run('http_get', { url })).rejects.toEqual(refusal('ADDRESS_BLOCKED'));
    },
  );

  it('goes nowhere inside without a policy that says so', async () => {
    const call = { ...context(), outgoing: createOutgoing() };
    await expect(run('http_get', { url: web.url() }, call)).rejects.toEqual(refusal('ADDRESS_BLOCKED'));
  });
});

describe('http_write', () => {
  const write = (args: JsonObject = {}, call?: TestContext) =>
    run('http_write', { method: 'POST', url: web.url('/x'), ...args }, call);

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])("sends %s under the visit's key", async (method) => {
    web.says(() => ({ status: 201, headers: { 'content-type': 'application/json' }, body: '{"id":7}' }));
    const call = context();
    expect(await write({ method, json: { a: 'ä' } }, call)).toMatchObject({ status: 201, json: { id: 7 } });
    const headers = { 'idempotency-key': call.effect_key, 'content-type': 'application/json' };
    expect(web.requests).toMatchObject([{ method, path: '/x', body: '{"a":"ä"}', headers }]);
  });

  it.each([
    [{ body: 'a=1', content_type: 'application/x-www-form-urlencoded' }, 'a=1', 'application/x-www-form-urlencoded'],
    [{ body: 'text' }, 'text', 'text/plain; charset=utf-8'],
    [{ json: null }, 'null', 'application/json'],
    [{}, '', undefined],
  ])('sends %j', async (args, body, type) => {
    await write(args);
    expect(web.requests[0]).toMatchObject({ body });
    expect(web.requests[0]?.headers['content-type']).toBe(type);
  });

  it.each<JsonObject>([
    { json: 1, body: 'x' },
    { json: 1, content_type: 'text/plain' },
    { body: 'x', content_type: 'text/plain\r\nX-Injected: 1' },
    { method: 'GET' },
    { method: 'post' },
    { headers: { 'Idempotency-Key': 'mine' } },
  ])('does not take %j', async (args) => {
    await expect(write(args)).rejects.toEqual(refusal('INVALID_ARGUMENTS'));
    expect(web.requests).toEqual([]);
  });

  it('goes where it was approved for, and nowhere else', async () => {
    web.says(() => ({ status: 307, headers: { location: '/elsewhere' } }));
    await expect(write({ json: 1 })).rejects.toEqual(refusal('UPSTREAM_STATUS'));
    expect(await write({ json: 1, any_status: true })).toMatchObject({
      status: 307,
      headers: { location: '/elsewhere' },
    });
    expect(web.requests.map(({ path }) => path)).toEqual(['/x', '/x']);
  });

  it.each<[string, WebAnswer]>([
    ['breaks off', (response) => response.destroy()],
    ['is too large', { body: 'x'.repeat(2 * 1024 * 1024 + 1) }],
  ])('whose answer %s has an unknown outcome', async (_what, answer) => {
    web.says(() => answer);
    await expect(write({ json: 1 })).rejects.toEqual(refusal('OUTCOME_UNKNOWN', { retryable: false }));
    expect(web.requests).toHaveLength(1);
  });

  it('whose answer does not come in time has one too', async () => {
    web.says(() => () => undefined);
    const outgoing = createOutgoing({ allow: { internal: ['127.0.0.1'] }, limits: { timeoutMs: 300 } });
    const call = { ...context(), outgoing };
    await expect(write({ json: 1 }, call)).rejects.toEqual(refusal('OUTCOME_UNKNOWN'));
  });

  it('that was never sent has had none', async () => {
    const gone = await WebServer.start();
    const url = gone.url();
    await gone.close();
    await expect(write({ url })).rejects.toEqual(refusal('UPSTREAM_UNREACHABLE', { retryable: true }));
    await expect(write({ url: 'http://10.0.0.1/' })).rejects.toEqual(refusal('ADDRESS_BLOCKED'));
  });
});

describe('webhook_post', () => {
  const post = (args: JsonObject = {}, call?: TestContext) =>
    run('webhook_post', { url: web.url('/hook'), payload: { type: 'done', data: { n: 1 } }, ...args }, call);

  it('posts the payload with the headers of Standard Webhooks, the same id each time', async () => {
    const call = context();
    expect(await post({}, call)).toEqual({ status: 200, webhook_id: call.effect_key });
    await post({}, call);
    const now = Date.now() / 1_000;
    for (const { method, body, headers } of web.requests) {
      expect([method, body]).toEqual(['POST', '{"type":"done","data":{"n":1}}']);
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        'webhook-id': call.effect_key,
        'idempotency-key': call.effect_key,
      });
      expect(Math.abs(Number(headers['webhook-timestamp']) - now)).toBeLessThan(10);
    }
    expect(web.requests).toHaveLength(2);
  });

  it.each([
    [302, false],
    [410, false],
    [500, true],
  ])('%i is no success (again: %s)', async (status, retryable) => {
    web.says(() => ({ status, headers: { location: '/elsewhere' } }));
    await expect(post()).rejects.toEqual(refusal('UPSTREAM_STATUS', { retryable }));
    expect(web.requests).toHaveLength(1);
  });

  it('does not go inside', async () => {
    await expect(post({ url: 'http://169.254.169.254/' })).rejects.toEqual(refusal('ADDRESS_BLOCKED'));
  });
});
