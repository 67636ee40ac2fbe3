import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { addLogFields, createLogger, withLogFields } from '../src/index.js';
import { scrubber } from '../src/logging/redaction.js';
import { type Sample, startSample, TENANT } from './support/sample-service.js';

const CANARY = 'c4n4ry-0f-th3-c0alm1ne';
const JWT = `eyJhbGciOiJFUzI1NiJ9.${Buffer.from(CANARY).toString('base64url')}.c2lnbmF0dXJl`;

/** A logger and what it wrote. */
function recorder(secrets: string[] = []) {
  let text = '';
  const logger = createLogger({
    service: 's',
    level: 'trace',
    secrets,
    destination: { write: (line) => void (text += line) },
  });
  return {
    logger,
    text: () => text,
    lines: () =>
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

describe('no secret is written', () => {
  const nested = (value: unknown) => ({ a: { b: [{ c: value }] } });
  it.each<[string, unknown, string]>([
    ['a password', { password: CANARY }, 'm'],
    ['a token, deep inside', nested({ access_token: CANARY }), 'm'],
    [
      'headers',
      {
        headers: {
          authorization: `Bearer ${CANARY}`,
          cookie: `a=${CANARY}`,
          'set-cookie': [CANARY],
          'x-api-key': CANARY,
        },
      },
      'm',
    ],
    [
      'secrets that are no text',
      { client_secret: { value: CANARY }, apiKey: [CANARY], credentials: { user: CANARY } },
      'm',
    ],
    [
      'names in other spellings',
      { dbPassword: CANARY, refreshToken: CANARY, 'api-key': CANARY, PRIVATE_KEY: CANARY, clientSecret: CANARY },
      'm',
    ],
    ['connection URLs', { databaseUrl: `postgres://agf_app:${CANARY}@db/agf`, redisUrl: `redis://:${CANARY}@r` }, 'm'],
    ['a URL in a message', {}, `cannot reach postgres://agf_app:${CANARY}@db:5432/agf`],
    ['a URL whose password has odd characters', {}, `amqp://u:${CANARY}/x#y?z@host/`],
    ['a bearer token in a message', {}, `sent Authorization: Bearer ${CANARY}`],
    ['basic credentials in a message', {}, `Basic ${CANARY}==`],
    ['a JSON Web Token in a message', {}, `got ${JWT}`],
    ['a token in a query', {}, `GET /x?access_token=${CANARY}&a=1`],
    ['a connection string', {}, `host=db password=${CANARY} user=x`],
    ['JSON in a message', {}, `body was {"password":"${CANARY}","a":1}`],
    ['JSON in JSON in a message', {}, JSON.stringify({ inner: JSON.stringify({ client_secret: CANARY }) })],
    ['an error message', { err: new Error(`login with password=${CANARY} failed`) }, 'm'],
    ['a cause', { err: new Error('outer', { cause: new Error(`Bearer ${CANARY}`) }) }, 'm'],
    [
      'the members of an error',
      { err: Object.assign(new Error('x'), { parameters: [CANARY], config: { headers: CANARY } }) },
      'm',
    ],
    ['an error under another name', { error: Object.assign(new Error('x'), { parameters: [CANARY] }) }, 'm'],
    [
      'an instance of a class',
      {
        client: new (class Client {
          password = CANARY;
          inner = { token: CANARY };
        })(),
      },
      'm',
    ],
    ['bytes', { data: Buffer.from(CANARY) }, 'm'],
    [
      'a password with quotes in JSON in a message',
      {},
      `body was ${JSON.stringify({ password: `a"${CANARY}`, b: 1 })}`,
    ],
    [
      'a request',
      {
        req: { method: 'GET', url: `/x?token=${CANARY}`, query: { token: CANARY }, headers: { authorization: CANARY } },
      },
      'm',
    ],
  ])('%s', (_what, fields, message) => {
    const { logger, text, lines } = recorder();
    logger.info(fields, message);
    logger.child({ nested: fields as object }).warn(message);
    expect(lines()).toHaveLength(2);
    expect(text()).not.toContain(CANARY);
    expect(text()).not.toContain(Buffer.from(CANARY).toString('base64url'));
  });

  it('secrets of the settings, wherever they occur, also escaped', () => {
    const odd = `odd"\\${CANARY}`;
    const { logger, text } = recorder([CANARY, odd]);
    logger.info({ some: { thing: [`x${CANARY}y`] } }, `and ${CANARY} and ${odd}`);
    logger.error(new Error(CANARY));
    expect(text()).not.toContain(CANARY);
  });

  it.each(['a', 'a-', '://a:', 'password', 'token=', '\\\\"', 'eyJ', 'bearer ', 'postgres://'])(
    'a long line of %j costs no time',
    (part) => {
      const line = part.repeat(300_000 / part.length);
      const start = process.cpuUsage();
      scrubber([])(line);
      expect(process.cpuUsage(start).user / 1000).toBeLessThan(1000);
    },
  );

  it('and what is none is kept', () => {
    const { logger, lines } = recorder();
    logger.info(
      { tokens_used: 12, url: 'http://host/path', token_count: '7', at: 'user@host:5' },
      'the secret of passwords: 3 of 5 tokens, key = 4',
    );
    expect(lines()[0]).toMatchObject({
      tokens_used: 12,
      url: 'http://host/path',
      token_count: '7',
      at: 'user@host:5',
      message: 'the secret of passwords: 3 of 5 tokens, key = 4',
    });
  });
});

describe('a line', () => {
  it('has the fields of what is under way, and no others', async () => {
    const { logger, lines } = recorder();
    await withLogFields({ tenant_id: TENANT, event_id: 'e' }, async () => {
      await Promise.resolve();
      addLogFields({ execution_id: 'x' });
      logger.info('inside');
      withLogFields({ event_id: 'f' }, () => logger.info('deeper'));
    });
    addLogFields({ tenant_id: 'lost' });
    logger.info('outside');
    const [inside, deeper, outside] = lines();
    expect(inside).toMatchObject({
      level: 'info',
      service: 's',
      tenant_id: TENANT,
      event_id: 'e',
      execution_id: 'x',
      message: 'inside',
    });
    expect(deeper).toMatchObject({ tenant_id: TENANT, event_id: 'f', execution_id: 'x' });
    expect(Object.keys(outside ?? {}).sort()).toEqual(['level', 'message', 'service', 'time']);
  });

  it('stays one line of JSON whatever is logged', () => {
    const { logger, lines } = recorder();
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    logger.info({ circular, big: 1n, text: 'a\nb"c\\' }, 'line\nbreak "password":"x" and password="y"');
    expect(lines()).toHaveLength(1);
  });
});

describe('requests', () => {
  let sample: Sample;
  beforeAll(async () => {
    sample = await startSample();
  });
  afterAll(() => sample.close());
  const linesOf = (id: string) => sample.lines().filter((line) => line['request_id'] === id);

  it('are logged once when they are answered, with what happened in them', async () => {
    const answer = await sample.call('POST', '/api/v1/things?x=1', {
      body: '{"name":"a"}',
      headers: { 'x-request-id': 'req-1' },
    });
    expect(answer.status).toBe(201);
    expect(linesOf('req-1')).toMatchObject([
      { service: 'sample', context: 'things', message: 'thing created', tenant_id: TENANT, name: 'a' },
      {
        message: 'POST /api/v1/things 201',
        level: 'info',
        tenant_id: TENANT,
        req: { method: 'POST', path: '/api/v1/things' },
        res: { status: 201 },
        duration_ms: expect.any(Number),
      },
    ]);
  });

  it.each([
    ['/nope', 404, 'info'],
    ['/api/v1/nope', 404, 'info'],
    ['/openapi.json', 200, 'info'],
    ['/api/v1/things/failing', 500, 'error'],
  ])('%s is logged too', async (path, status, level) => {
    await sample.call('GET', path, { headers: { 'x-request-id': `of${path}` } });
    expect(linesOf(`of${path}`).at(-1)).toMatchObject({ message: `GET ${path} ${status}`, level });
  });

  it('probes are not', async () => {
    await fetch(`${sample.url}/live`, { headers: { 'x-request-id': 'probe' } });
    await fetch(`${sample.url}/ready`, { headers: { 'x-request-id': 'probe' } });
    expect(linesOf('probe')).toEqual([]);
  });

  it('leave no trace of tokens, queries, cookies or bodies', async () => {
    const token = await sample.issuer.token({ tenant_id: TENANT, note: CANARY });
    const headers = {
      authorization: `Bearer ${token}`,
      cookie: `session=${CANARY}`,
      'x-other': CANARY,
      'content-type': 'application/json',
    };
    const body = JSON.stringify({ name: 'a', labels: { password: CANARY, nope: CANARY } });
    await fetch(`${sample.url}/api/v1/things?q=${CANARY}`, { method: 'POST', headers, body });
    await fetch(`${sample.url}/api/v1/things?access_token=${token}`, { headers });
    await fetch(`${sample.url}/api/v1/things`, { headers: { authorization: `Bearer ${token.slice(0, -3)}` } });
    new Logger('app').log(`calling with Bearer ${token}`);
    expect(sample.logged()).not.toContain(CANARY);
    for (const part of token.split('.')) expect(sample.logged()).not.toContain(part);
  });
});
