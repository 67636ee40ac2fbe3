import {
  CallerError,
  type HttpTarget,
  type JsonObject,
  type SecretResolver,
  type TicketConnection,
} from '@aumos/agf-domain';
import { createOutgoing } from '@aumos/agf-outgoing';
import { WebServer } from '@aumos/agf-testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { context, type TestContext } from './context.js';
import { refusal, run } from './run-builtin.js';

const CANARY = 'CANARY-token-0123456789';

describe('ticket_create', () => {
  let web: WebServer;
  beforeAll(async () => {
    web = await WebServer.start();
  });
  afterAll(() => web.close());
  beforeEach(() => {
    web.says(() => ({ status: 201, headers: { 'content-type': 'application/json' }, body: '{"key":"OPS-7","n":7}' }));
  });

  const secrets: SecretResolver = {
    open: async (name, host) => {
      if (name === 'tracker' && host === new URL(web.url()).host) return CANARY;
      throw new CallerError('SECRET_NOT_FOUND', `there is no secret ${name} for ${host}`);
    },
  };
  const call = (over: Partial<HttpTarget> = {}): TestContext => {
    const http: HttpTarget = {
      method: 'POST',
      url: web.url('/rest/issues'),
      headers: { authorization: { secret: 'tracker', prefix: 'Bearer ' } },
      body: {
        summary: { cel: 'arguments.title' },
        text: { cel: 'arguments.description' },
        priority: { cel: 'arguments.priority' },
        labels: { cel: 'arguments.labels' },
        team: { cel: 'has(arguments.fields.team) ? arguments.fields.team : "none"' },
      },
      result: { id: { cel: 'response.json.key' }, url: { cel: '"https://t.example/" + response.json.key' } },
      ...over,
    };
    const connection: TicketConnection = { id: 'c', name: 'tracker', kind: 'ticket', http };
    return context({ connection, secrets });
  };
  const create = (args: JsonObject = {}, into = call()): Promise<JsonObject> =>
    run('ticket_create', { title: 'Disk full', description: 'On db1.', ...args }, into) as Promise<JsonObject>;

  it('makes the ticket as the template says', async () => {
    const into = call();
    const result = await create({ priority: 'high', labels: ['db'], fields: { team: 'ops' } }, into);
    expect(result).toEqual({
      id: 'OPS-7',
      url: 'https://t.example/OPS-7',
      result: { id: 'OPS-7', url: 'https://t.example/OPS-7' },
    });
    expect(web.requests).toMatchObject([
      {
        method: 'POST',
        path: '/rest/issues',
        headers: { authorization: `Bearer ${CANARY}`, 'idempotency-key': into.effect_key },
      },
    ]);
    expect(JSON.parse(web.requests[0]?.body ?? '')).toEqual({
      ...{ summary: 'Disk full', text: 'On db1.', priority: 'high', labels: ['db'], team: 'ops' },
    });
  });

  it('has what was not given empty', async () => {
    await create();
    expect(JSON.parse(web.requests[0]?.body ?? '')).toMatchObject({ priority: null, labels: [], team: 'none' });
  });

  it('gives a number as text, and null where there is none', async () => {
    expect(await create({}, call({ result: { id: { cel: 'response.json.n' } } }))).toMatchObject({
      id: '7',
      url: null,
    });
    expect(await create({}, call({ result: 'done' }))).toEqual({ id: null, url: null, result: 'done' });
  });

  it('keeps texts in their place', async () => {
    const title = '","admin":true,"x":"{{7*7}} ${CANARY}\r\nX-Own: y';
    await create({ title });
    expect(JSON.parse(web.requests[0]?.body ?? '')).toMatchObject({ summary: title });
    const inPath = call({ url: web.url('/rest/{title}') });
    await expect(create({ title: '../../admin' }, inPath)).resolves.toBeDefined();
    expect(web.requests[1]?.path).toBe('/rest/..%2F..%2Fadmin');
  });

  it.each<[JsonObject]>([[{ title: '' }], [{ priority: 'now' }], [{ labels: ['a', 'a'] }], [{ url: 'http://x' }]])(
    'takes no %j',
    async (args) => {
      await expect(create(args)).rejects.toEqual(refusal('INVALID_ARGUMENTS'));
      expect(web.requests).toEqual([]);
    },
  );

  it('shows no secret that a server gives back', async () => {
    web.says(({ headers }) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(headers) }));
    const result = await create({}, call({ result: { all: { cel: 'response.json' } } }));
    expect(JSON.stringify(result)).not.toContain('CANARY');
    expect(JSON.stringify(result)).toContain('[secret]');
  });

  it('sends no secret to where it is not for', async () => {
    const other = await WebServer.start();
    try {
      const elsewhere = call({ url: other.url('/rest/issues') });
      await expect(create({}, elsewhere)).rejects.toEqual(refusal('SECRET_NOT_FOUND'));
      expect(other.requests).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('is sent once: it is unknown what became of it when the answer is lost', async () => {
    web.says(() => (response) => response.destroy());
    await expect(create()).rejects.toEqual(refusal('OUTCOME_UNKNOWN', { retryable: false }));
    web.says(() => ({ status: 302, headers: { location: '/elsewhere' } }));
    await expect(create()).rejects.toEqual(refusal('UPSTREAM_STATUS'));
    expect(web.requests).toHaveLength(1);
  });

  it('goes where outgoing requests may go', async () => {
    await expect(create({}, { ...call(), outgoing: createOutgoing() })).rejects.toEqual(refusal('ADDRESS_BLOCKED'));
  });
});
