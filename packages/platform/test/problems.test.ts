import { request } from 'node:http';
import { connect } from 'node:net';
import { API_ERROR_STATUS, ApiError, type ApiErrorCode } from '@aumos/agf-domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ArgumentsHost, BadRequestException, GatewayTimeoutException } from '@nestjs/common';
import { ProblemFilter, toProblem } from '../src/index.js';
import { INTERNAL_TEXT } from './support/sample-app.js';
import { type Answer, type Call, type Sample, startSample } from './support/sample-service.js';

let sample: Sample;
beforeAll(async () => {
  sample = await startSample();
});
afterAll(() => sample.close());

const ID = 'c0000000-0000-4000-8000-000000000003';

/** Calls, and checks what holds for every problem. */
async function problem(method: string, path: string, status: number, options: Call = {}): Promise<Answer> {
  const answer = await sample.call(method, path, options);
  expect({ status: answer.status, ...answer.json }).toEqual({
    type: 'about:blank',
    title: expect.any(String),
    status,
    detail: answer.json.message,
    instance: path.split('?')[0],
    code: expect.any(String),
    message: expect.any(String),
    details: expect.any(Object),
    request_id: answer.headers.get('x-request-id'),
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  return answer;
}

describe('a throwable becomes a problem', () => {
  it.each(Object.entries(API_ERROR_STATUS))('%s is %i', (code, status) => {
    const made = toProblem(new ApiError(code as ApiErrorCode, 'why', { a: 1 }), { id: 'r', at: '/x' });
    expect(made).toMatchObject({ code, status, message: 'why', detail: 'why', details: { a: 1 }, instance: '/x' });
  });

  it.each([
    [new BadRequestException('bad'), 400, 'VALIDATION_ERROR', 'bad'],
    [new GatewayTimeoutException('host db-1 is slow'), 504, 'SERVICE_UNAVAILABLE', 'Gateway Timeout'],
    [
      Object.assign(new Error('deep inside'), { statusCode: 500 }),
      500,
      'INTERNAL_ERROR',
      'Something went wrong on our side.',
    ],
    [Object.assign(new Error('nope'), { statusCode: 418 }), 418, 'VALIDATION_ERROR', 'nope'],
    ['a text', 500, 'INTERNAL_ERROR', 'Something went wrong on our side.'],
    [undefined, 500, 'INTERNAL_ERROR', 'Something went wrong on our side.'],
  ])('%p', (error, status, code, message) => {
    expect(toProblem(error, { id: 'r' })).toMatchObject({ status, code, message });
  });

  it('rethrows outside of HTTP, so that a consumer sees the original', () => {
    const error = new Error('original');
    const host = { getType: () => 'rpc' } as ArgumentsHost;
    expect(() => new ProblemFilter().catch(error, host)).toThrow(error);
  });
});

describe('answers', () => {
  it('names every wrong field by its path', async () => {
    const body = JSON.stringify({ size: 1.5, nope: 1, steps: [{ name: 'a' }, { name: '', extra: 1 }] });
    const { json } = await problem('POST', '/api/v1/things', 400, { body });
    const fields = json.details.fields;
    expect([...new Set(fields.map((each) => each.field))].sort()).toEqual([
      'name',
      'nope',
      'size',
      'steps[1].extra',
      'steps[1].name',
    ]);
    expect(fields.find((each) => each.field === 'size')?.error).toBe('size must be an integer number');
  });

  it('does not let null through where a member may be absent', async () => {
    const { json } = await problem('POST', '/api/v1/things', 400, { body: '{"name":"a","size":null}' });
    expect(json.details.fields[0]?.field).toBe('size');
  });

  it.each(['{', '{"name":', 'name', '\u0000', '[]', '"text"', 'null', '1', '{"name":"a"}}'])(
    'refuses the body %j',
    async (body) => {
      const { json } = await problem('POST', '/api/v1/things', 400, { body });
      expect(json.code).toBe('VALIDATION_ERROR');
    },
  );

  it.each([
    '{"name":"a","__proto__":{"size":1}}',
    '{"name":"a","labels":{"__proto__":{"admin":true}}}',
    '{"name":"a","labels":{"x":[{"\\u005f_proto__":1}]}}',
    '{"name":"a","labels":{"constructor":{"prototype":{}}}}',
    '{"name":"a","labels":{"prototype":1}}',
  ])('refuses a key that could reach a prototype: %s', async (body) => {
    const { json } = await problem('POST', '/api/v1/things', 400, { body });
    expect(json.message).toMatch(/^The key \w+ is not allowed\.$/);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it('refuses a member that every object has', async () => {
    const { json } = await problem('POST', '/api/v1/things', 400, { body: '{"name":"a","toString":1}' });
    expect(json.details.fields[0]?.field).toBe('toString');
  });

  it('refuses a body that is nested too deeply, without exhausting the stack', async () => {
    const deep = (levels: number) => `{"name":"a","labels":{"x":${'['.repeat(levels)}${']'.repeat(levels)}}}`;
    await problem('POST', '/api/v1/things', 400, { body: deep(200_000) });
    expect((await sample.call('POST', '/api/v1/things', { body: deep(90) })).status).toBe(201);
  });

  it('refuses text that is not UTF-8', async () => {
    const body = new Uint8Array([...Buffer.from('{"name":"'), 0xff, ...Buffer.from('"}')]);
    const { json } = await problem('POST', '/api/v1/things', 400, { body });
    expect(json.message).toBe('The body is not UTF-8.');
  });

  it.each([
    '{"name":"\\ud800"}',
    '{"name":"a","labels":{"x":["\\udc00\\ud800"]}}',
    '{"name":"a","labels":{"\\ud83d":1}}',
    '{"name":"a","labels":{"x":1e400}}',
  ])('refuses what can neither be stored nor hashed: %s', async (body) => {
    const { json } = await problem('POST', '/api/v1/things', 400, { body });
    expect(json.message).toMatch(/well-formed Unicode|too large/);
  });

  it.each([
    ['with a length', () => new Uint8Array(1_048_577)],
    ['in chunks', () => chunks(2_000_000)],
  ])('refuses a body over the limit (%s) and closes the connection', async (_how, body) => {
    const answer = await problem('POST', '/api/v1/things', 413, { body: body() });
    expect(answer.json.code).toBe('PAYLOAD_TOO_LARGE');
    expect(answer.headers.get('connection')).toBe('close');
  });

  it.each(['application/xml', 'text/plain', 'application/x-www-form-urlencoded', 'application/jsonx'])(
    'refuses %s',
    async (type) => {
      const { json } = await problem('POST', '/api/v1/things', 415, {
        body: '{"name":"a"}',
        headers: { 'content-type': type },
      });
      expect(json.code).toBe('UNSUPPORTED_MEDIA_TYPE');
    },
  );

  it('takes a content type with parameters and a suffix', async () => {
    for (const type of ['application/json; charset=utf-8', 'application/merge-patch+json'])
      expect(
        (await sample.call('POST', '/api/v1/things', { body: '{"name":"a"}', headers: { 'content-type': type } }))
          .status,
      ).toBe(201);
  });

  it.each([
    ['PUT', '/api/v1/things', 'GET, HEAD, POST'],
    ['OPTIONS', '/api/v1/things', 'GET, HEAD, POST'],
    ['PATCH', `/api/v1/things/${ID}`, 'DELETE, GET, HEAD, PUT'],
    ['POST', '/ready', 'GET, HEAD'],
    ['DELETE', '/openapi.json', 'GET, HEAD'],
  ])('%s %s is 405 with an exact Allow', async (method, path, allow) => {
    const answer = await problem(method, path, 405);
    expect(answer.headers.get('allow')).toBe(allow);
    expect(answer.json.code).toBe('METHOD_NOT_ALLOWED');
  });

  it('TRACE is 405 as well', async () => {
    const { status, allow } = await new Promise<{ status?: number; allow?: string }>((resolve, reject) => {
      const sent = request(`${sample.url}/api/v1/things`, { method: 'TRACE' }, (answer) => {
        answer.resume();
        resolve({ status: answer.statusCode, allow: answer.headers.allow });
      });
      sent.on('error', reject).end();
    });
    expect({ status, allow }).toEqual({ status: 405, allow: 'GET, HEAD, POST' });
  });

  it('says 404 for an unknown path, a foreign id and a malformed id in the same words', async () => {
    const answers = await Promise.all(
      [
        '/api/v1/nothing',
        '/api/v1/things/ffffffff-0000-4000-8000-000000000000',
        '/api/v1/things/12',
        '/',
        '/api/v1/things/%00',
      ].map((path) => problem('GET', path, 404)),
    );
    const shown = answers.map(({ json: { code, message, details } }) => JSON.stringify({ code, message, details }));
    expect(new Set(shown).size).toBe(1);
  });

  it('hides what an unexpected error says, and logs it', async () => {
    const answer = await problem('GET', '/api/v1/things/failing', 500);
    expect(JSON.stringify(answer.json)).not.toContain('relation');
    expect(answer.json.code).toBe('INTERNAL_ERROR');
    const line = sample.lines().find((each) => each['message'] === 'request failed');
    expect(line).toMatchObject({
      level: 'error',
      request_id: answer.json.request_id,
      err: { message: INTERNAL_TEXT, stack: expect.stringContaining('failing') },
    });
  });

  it('says how long to wait', async () => {
    const answer = await problem('GET', '/api/v1/things/busy', 429);
    expect(answer.headers.get('retry-after')).toBe('3');
    expect(answer.json.details).toEqual({ retry_after_seconds: 2.2 });
  });
});

describe('below the router', () => {
  it('a malformed URL is a problem', async () => {
    const answer = await sample.call('GET', '/api/v1/things/%ff');
    expect(answer).toMatchObject({ status: 400, json: { code: 'VALIDATION_ERROR', message: 'The URL is malformed.' } });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.json.request_id).toBe(answer.headers.get('x-request-id'));
  });

  it.each([
    ['no HTTP at all', 'HELLO\r\n\r\n', 400],
    ['headers over the limit', `GET /live HTTP/1.1\r\nHost: a\r\nX-Big: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ])('%s is a problem', async (_what, sent, status) => {
    const text = await onSocket(sent);
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const [head = '', body = ''] = text.split('\r\n\r\n');
    expect(head.toLowerCase()).toContain('content-type: application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status, code: 'VALIDATION_ERROR' });
  });
});

function chunks(bytes: number): ReadableStream {
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) controller.close();
      else controller.enqueue(new Uint8Array(Math.min(65_536, left)));
      left -= 65_536;
    },
  });
}

function onSocket(text: string): Promise<string> {
  const { port, hostname } = new URL(sample.url);
  return new Promise((resolve, reject) => {
    let got = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on('data', (chunk) => (got += chunk.toString()));
    socket.on('close', () => resolve(got)).on('error', reject);
  });
}
