import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isDateTime, offsetOf, pageOf } from '../src/index.js';
import { type Sample, startSample } from './support/sample-service.js';

let sample: Sample;
beforeAll(async () => {
  sample = await startSample();
});
afterAll(() => sample.close());

describe('request ids', () => {
  it.each(['abc', 'A-1_b.c:d/e+f=', 'x'.repeat(128)])('%s is kept', async (id) => {
    expect(
      (await sample.call('GET', '/api/v1/things', { headers: { 'x-request-id': id } })).headers.get('x-request-id'),
    ).toBe(id);
  });

  it.each(['', 'a b', 'x'.repeat(129), '<script>', '"', 'a,b', '${jndi:x}', 'é'])(
    '%j is replaced by a new one',
    async (id) => {
      const headers = (await sample.call('GET', '/api/v1/things', { headers: { 'x-request-id': id } })).headers;
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{21}$/i);
    },
  );

  it('are given to every answer, also of unknown paths', async () => {
    const ids = await Promise.all(
      ['/live', '/nope', '/api/v1/things'].map(async (path) =>
        (await fetch(sample.url + path)).headers.get('x-request-id'),
      ),
    );
    expect(new Set(ids).size).toBe(3);
  });
});

describe('pages', () => {
  it.each([
    [0, { page: 1, page_size: 20 }, { pages: 0, has_next: false, has_prev: false }],
    [41, { page: 1, page_size: 20 }, { pages: 3, has_next: true, has_prev: false }],
    [41, { page: 3, page_size: 20 }, { pages: 3, has_next: false, has_prev: true }],
    [40, { page: 2, page_size: 20 }, { pages: 2, has_next: false, has_prev: true }],
    [41, { page: 9, page_size: 20 }, { pages: 3, has_next: false, has_prev: true }],
  ])('%i in all, %j', (total, query, expected) => {
    expect(pageOf([], total, query)).toEqual({ items: [], total, ...query, ...expected });
    expect(offsetOf(query)).toBe((query.page - 1) * 20);
  });

  it('have their defaults, and numbers come as numbers', async () => {
    const { json } = await sample.call('GET', '/api/v1/things');
    expect(json).toMatchObject({
      items: [{ page: 1, page_size: 20, sort_by: 'created_at', sort_order: 'desc' }],
      pages: 3,
      has_next: true,
    });
    const other = await sample.call('GET', '/api/v1/things?page=2&page_size=100&sort_by=name&sort_order=asc');
    expect(other.json['items']).toEqual([{ page: 2, page_size: 100, sort_by: 'name', sort_order: 'asc' }]);
  });

  it.each([
    'page=0',
    'page=-1',
    'page=x',
    'page=1.5',
    'page=',
    'page_size=101',
    'page_size=0',
    'sort_by=secret',
    'sort_order=up',
    'nope=1',
    'page=1&page=2',
    'page=1e99',
    'sort_by[]=name',
    '__proto__=1',
    'constructor=1',
    'toString=1',
  ])('?%s is refused', async (query) => {
    const answer = await sample.call('GET', `/api/v1/things?${query}`);
    expect(answer).toMatchObject({ status: 400, json: { code: 'VALIDATION_ERROR' } });
    expect(answer.json.details.fields[0]?.field).toBe(query.split('=')[0]);
  });
});

describe('a date-time', () => {
  it.each(['2026-01-01T00:00:00Z', '2024-02-29T23:59:59.123456789+05:30', '2026-12-31t01:02:03.4z'])('%s', (text) => {
    expect(isDateTime(text)).toBe(true);
    expect(new Date(text).getTime()).not.toBeNaN();
  });

  it.each([
    '2026-W01',
    '2026-W01-1',
    '20260101',
    '2026-01-01',
    '2026-001',
    '2026-01-01T00:00Z',
    '2026-01-01T00:00:00',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01T00:00:00+24:00',
    '0000-01-01T00:00:00Z',
    '+012026-01-01T00:00:00Z',
    '',
    7,
    undefined,
  ])('%j is none', (value) => expect(isDateTime(value)).toBe(false));
});

describe('ids', () => {
  it('are lower case for the handler', async () => {
    const { json } = await sample.call('GET', '/api/v1/things/C0000000-0000-4000-8000-00000000000F');
    expect(json['id']).toBe('c0000000-0000-4000-8000-00000000000f');
  });
});

describe('streamed bodies', () => {
  const upload = (body: string | ReadableStream, type: string | null = 'text/csv') =>
    sample.call('POST', '/api/v1/things/upload', { body, headers: { 'content-type': type } });

  it.each(['text/csv', 'application/octet-stream', 'application/json', 'image/png'])(
    '%s is handed on unread',
    async (type) => {
      expect((await upload('{"not json', type)).json).toEqual({ bytes: 10, type });
    },
  );

  it('a body over the limit is refused, whether it says its length or not', async () => {
    const big = 'x'.repeat(5_000_000);
    const chunked = () => new ReadableStream({ start: (each) => (each.enqueue(Buffer.from(big)), each.close()) });
    for (const body of [big, chunked()])
      expect(await upload(body)).toMatchObject({
        status: 413,
        json: { code: 'PAYLOAD_TOO_LARGE', details: { limit_bytes: 100_000 } },
      });
    expect((await upload('after')).json['bytes']).toBe(5);
  });

  it('a body is needed', async () => {
    expect((await sample.call('POST', '/api/v1/things/upload')).status).toBe(415);
  });

  it('other routes get no stream', async () => {
    expect(
      (await sample.call('POST', '/api/v1/things', { body: 'a,b', headers: { 'content-type': 'text/csv' } })).status,
    ).toBe(415);
  });

  it('and without a token nothing is read', async () => {
    const answer = await sample.call('POST', '/api/v1/things/upload', {
      body: 'x'.repeat(90_000),
      headers: { authorization: null, 'content-type': 'text/csv' },
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('connection')).toBe('close');
  });
});

describe('the OpenAPI document', () => {
  it('is 3.1, closes its bodies and knows the problems', async () => {
    const document = (await sample.call('GET', '/openapi.json', { headers: { authorization: null } }))
      .json as unknown as OpenApi;
    expect(document.openapi).toBe('3.1.0');
    expect(document.info).toMatchObject({ title: 'Things', version: '1.2.3' });
    const { schemas } = document.components;
    expect(schemas['CreateThingDto']?.additionalProperties).toBe(false);
    expect(schemas['StepDto']?.additionalProperties).toBe(false);
    expect(schemas['CreateThingDto']?.properties['labels']).toMatchObject({ additionalProperties: true });
    expect(schemas['ThingView']).not.toHaveProperty('additionalProperties');
    const post = document.paths['/api/v1/things']?.['post'];
    expect(Object.keys(post?.responses ?? {}).sort()).toEqual(['201', '400', '401', '403', '413', '415', 'default']);
    expect(post?.responses['400']).toMatchObject({
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemView' } } },
    });
    expect(Object.keys(document.paths)).not.toContain('/ready');
  });

  it('says which routes are public', async () => {
    const { paths } = (await sample.call('GET', '/openapi.json')).json as unknown as OpenApi;
    expect(paths['/api/v1/things/open']?.['get']?.security).toEqual([]);
    expect(paths['/api/v1/things']?.['get']?.security).toBeUndefined();
  });

  it('has a page for people that fetches nothing from elsewhere', async () => {
    const page = (await sample.call('GET', '/docs')).json['text'] as string;
    const used = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(used).toHaveLength(3);
    for (const path of used) expect((await fetch(sample.url + path)).status).toBe(200);
  });
});

interface OpenApi {
  openapi: string;
  info: object;
  paths: Record<string, Record<string, { responses: Record<string, unknown>; security?: unknown }>>;
  components: { schemas: Record<string, { additionalProperties?: unknown; properties: Record<string, unknown> }> };
}
