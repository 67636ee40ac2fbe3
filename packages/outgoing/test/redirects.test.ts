import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type OutgoingRequest } from '@aumos/agf-domain';
import { certificateFor, NameServer, WebServer } from '@aumos/agf-testing';
import { createOutgoing, dnsResolver } from '../src/index.js';

let web: WebServer;
/** of another origin by its port */
let other: WebServer;
let names: NameServer;

beforeAll(async () => {
  names = await NameServer.start((_name, type) => (type === 'A' ? ['127.0.0.1'] : []));
  web = await WebServer.start();
  other = await WebServer.start();
});
afterAll(async () => {
  await Promise.all([web.close(), other.close(), names.close()]);
});
beforeEach(() => {
  other.says(() => ({ body: 'other' }));
});

const outgoing = (options = {}) =>
  createOutgoing({ allow: { internal: ['127.0.0.1'] }, resolver: dnsResolver([names.address]), ...options });
const send = (request: Partial<OutgoingRequest> = {}, options = {}) =>
  outgoing(options).request({ method: 'GET', url: web.url('/start'), ...request });
/** The server leads to `location` from /start, and answers elsewhere. */
const leadsTo = (location: string, status = 302): void =>
  web.says(({ path }) => (path === '/start' ? { status, headers: { location } } : { body: 'here' }));

describe('a redirect', () => {
  it.each([
    ['/next', '/next'],
    ['next?x=1#part', '/next?x=1'],
    ['?y=2', '/start?y=2'],
    ['/@user', '/@user'],
    ['./a//b@c', '/a//b@c'],
  ])('may be relative: %s', async (location, path) => {
    leadsTo(location);
    const answer = await send();
    expect(answer).toMatchObject({ status: 200, redirects: 1, url: web.url(path) });
    expect(web.requests[1]?.path).toBe(path);
  });

  it('without a location is the answer', async () => {
    web.says(() => ({ status: 302, body: 'where?' }));
    expect(await send()).toMatchObject({ status: 302, redirects: 0 });
  });

  it('is the answer when none is to be followed', async () => {
    leadsTo('http://169.254.169.254/');
    expect(await send({ maxRedirects: 0 })).toMatchObject({ status: 302, redirects: 0 });
  });

  it.each([
    [2, undefined],
    [5, 9],
  ])('is followed %i times at most', async (most, asked) => {
    web.says((_request, nth) => ({ status: 302, headers: { location: `/${String(nth)}` } }));
    const ended = send({ maxRedirects: asked }, { limits: { maxRedirects: most } });
    await expect(ended).rejects.toMatchObject({ code: 'TOO_MANY_REDIRECTS', details: { limit: most } });
    expect(web.requests).toHaveLength(most + 1);
  });

  it.each([
    ['http://169.254.169.254/latest/meta-data/', 'address'],
    ['http://[::ffff:169.254.169.254]/', 'address'],
    ['//10.0.0.1/', 'address'],
    ['http://2130706434/', 'address'],
    ['http://localhost/', 'name'],
    ['file:///etc/passwd', 'scheme'],
    ['gopher://127.0.0.1/_x', 'scheme'],
    ['http://user:secret@127.0.0.1/', 'credentials'],
    ['//user@127.0.0.1/', 'credentials'],
    ['http:\\\\10.0.0.1', 'url'],
    ['http://127.0.0.1:6379/', 'port'],
  ])('to %s is blocked: %s', async (location, reason) => {
    leadsTo('/harmless');
    expect((await send()).status).toBe(200);
    leadsTo(location);
    await expect(send()).rejects.toMatchObject({ code: 'ADDRESS_BLOCKED', details: { reason } });
    expect(web.requests).toHaveLength(1);
  });

  it('to a host that the list of the only ones does not have is blocked', async () => {
    const allow = { internal: ['127.0.0.1'], only: ['listed.example'] };
    const url = web.url('/start', 'listed.example');
    leadsTo(web.url('/x', 'listed.example'));
    expect((await send({ url }, { allow })).status).toBe(200);
    leadsTo(web.url('/x', 'unlisted.example'));
    await expect(send({ url }, { allow })).rejects.toMatchObject({ details: { reason: 'not_listed' } });
  });
});

describe('the method and the body', () => {
  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [301, 'PUT', 'PUT'],
    [302, 'DELETE', 'DELETE'],
    [307, 'POST', 'POST'],
    [308, 'PATCH', 'PATCH'],
  ] as const)('of %i after %s: %s', async (status, method, then) => {
    leadsTo('/next', status);
    const body = method === 'HEAD' || method === 'DELETE' ? undefined : '{"a":1}';
    await send({ method, body, headers: { 'Content-Type': 'application/json', 'X-Kept': 'yes' } });
    const second = web.requests[1];
    const keeps = then !== 'GET';
    expect(second).toMatchObject({ method: then, body: keeps ? (body ?? '') : '', headers: { 'x-kept': 'yes' } });
    expect(second?.headers['content-type']).toBe(keeps ? 'application/json' : undefined);
  });
});

describe('credentials', () => {
  const headers = { Authorization: 'Bearer s3cret', Cookie: 'sid=s3cret', 'X-Api-Key': 's3cret', 'X-Trace': 'abc' };
  const request = { headers, secretHeaders: ['X-API-Key'] };

  it('go along within an origin', async () => {
    leadsTo('/next');
    await send(request);
    const sent = { authorization: 'Bearer s3cret', cookie: 'sid=s3cret', 'x-api-key': 's3cret', 'x-trace': 'abc' };
    expect(web.requests.map((each) => each.headers)).toEqual([
      expect.objectContaining(sent),
      expect.objectContaining(sent),
    ]);
  });

  it.each([
    ['port', () => other.url('/'), () => other.requests[0]],
    ['host', () => web.url('/next', 'other.example'), () => web.requests[1]],
  ])('are dropped at another %s', async (_what, location, seen) => {
    leadsTo(location());
    await send(request);
    expect(seen()?.headers).toMatchObject({ 'x-trace': 'abc' });
    expect(JSON.stringify(seen())).not.toContain('s3cret');
  });

  it('stay dropped on the way back', async () => {
    leadsTo(other.url('/'));
    other.says(() => ({ status: 302, headers: { location: web.url('/back') } }));
    await send(request);
    expect(web.requests[1]?.path).toBe('/back');
    expect(JSON.stringify(web.requests[1])).not.toContain('s3cret');
  });
});

describe('from https', () => {
  it('leads to https, and never to http', async () => {
    const certificate = await certificateFor('secure.example');
    const secure = await WebServer.start(undefined, { tls: certificate });
    const follow = (location: string) => {
      secure.says(({ path }) => (path === '/start' ? { status: 302, headers: { location } } : { body: 'here' }));
      return send({ url: secure.url('/start', 'secure.example') }, { ca: certificate.cert });
    };
    try {
      expect(await follow('/next')).toMatchObject({ status: 200 });
      await expect(follow(web.url('/'))).rejects.toMatchObject({
        code: 'ADDRESS_BLOCKED',
        details: { reason: 'downgrade' },
      });
    } finally {
      await secure.close();
    }
  });
});
