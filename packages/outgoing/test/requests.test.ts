import { type OutgoingRequest } from '@aumos/agf-domain';
import { certificateFor, NameServer, WebServer } from '@aumos/agf-testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createOutgoing, dnsResolver } from '../src/index.js';

let web: WebServer;
let names: NameServer;

beforeAll(async () => {
  web = await WebServer.start();
  names = await NameServer.start((_name, type) => (type === 'A' ? ['127.0.0.1'] : []));
});
afterAll(async () => {
  await Promise.all([web.close(), names.close()]);
});
beforeEach(() => {
  web.says(() => ({ headers: { 'X-Several': ['a', 'b'] }, body: 'ok' }));
});

const send = (request: Partial<OutgoingRequest> = {}, options = {}) =>
  createOutgoing({
    allow: { internal: ['127.0.0.1'] },
    resolver: dnsResolver([names.address]),
    ...options,
  }).request({ method: 'GET', url: web.url(), ...request });

describe('a request', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const)('%s is sent as it is', async (method) => {
    const body = method === 'GET' ? undefined : 'bödy';
    const url = web.url('/a/../b%2Fc?q=%20x&y#part');
    const answer = await send({ method, url, body, headers: { 'X-Own': 'yes' } });
    expect(web.requests).toMatchObject([
      { method, path: '/b%2Fc?q=%20x&y', body: body ?? '', headers: { 'x-own': 'yes' } },
    ]);
    expect(answer).toMatchObject({ status: 200, url: web.url('/b%2Fc?q=%20x&y'), redirects: 0 });
    expect(answer.headers.get('x-several')).toBe('a, b');
  });

  it.each([400, 404, 429, 500, 503])('that is answered by %i is answered', async (status) => {
    web.says(() => ({ status, body: 'no' }));
    expect(await send()).toMatchObject({ status });
  });

  it('names the host by its name', async () => {
    await send({ url: web.url('/', 'Name.Example.') });
    expect(web.requests[0]?.headers.host).toBe(`name.example:${String(web.port)}`);
  });

  it.each([
    'Host',
    'content-length',
    'Transfer-Encoding',
    'Connection',
    'Upgrade',
    'Expect',
    'Proxy-Authorization',
    'TE',
  ])('does not set %s', async (name) => {
    await expect(send({ headers: { [name]: 's3cret' } })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.not.stringContaining('s3cret'),
    });
    expect(web.requests).toEqual([]);
  });

  it.each([
    ['X-A', 'b\r\nX-Injected: 1'],
    ['X-A', 'b\u0000'],
    ['X-A', '漢'],
    ['X A', 'b'],
    ['X-A\r\nX-Injected', 'b'],
    ['', 'b'],
    ['X:A', 'b'],
  ])('has no header %j: %j', async (name, value) => {
    await expect(send({ headers: { [name]: value } })).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    expect(web.requests).toEqual([]);
  });

  it('ignores proxies that the environment names', async () => {
    const proxy = await WebServer.start(() => ({ body: 'proxy' }));
    const named = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
    const before = named.map((name) => process.env[name]);
    try {
      for (const name of named) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : proxy.url();
      expect(Buffer.from((await send()).body).toString()).toBe('ok');
      expect(proxy.requests).toEqual([]);
    } finally {
      named.forEach((name, i) => {
        if (before[i] === undefined) delete process.env[name];
        else process.env[name] = before[i];
      });
      await proxy.close();
    }
  });
});

describe('over TLS', () => {
  let secure: WebServer;
  let ca: string;

  beforeAll(async () => {
    const certificate = await certificateFor('secure.example');
    ca = certificate.cert;
    secure = await WebServer.start(() => ({ body: 'ok' }), { tls: certificate });
  });
  afterAll(() => secure.close());

  it('the certificate is that of the name, though an address is connected to', async () => {
    expect((await send({ url: secure.url('/', 'secure.example') }, { ca })).status).toBe(200);
    expect((await send({ url: secure.url('/', 'SECURE.example.') }, { ca })).status).toBe(200);
  });

  it.each([
    ['another name', () => secure.url('/', 'other.example'), () => ca],
    ['the address', () => secure.url('/'), () => ca],
    ['the name, by nobody who is known', () => secure.url('/', 'secure.example'), () => undefined],
  ])('a certificate that is not of %s is refused', async (_what, url, trusted) => {
    const failed = send({ url: url() }, { ca: trusted() });
    await expect(failed).rejects.toMatchObject({ code: 'UPSTREAM_UNREACHABLE', details: { reason: 'tls' } });
    expect(secure.requests.filter(({ headers }) => !/^secure\.example/.test(headers.host ?? ''))).toEqual([]);
  });

  it('nothing of the environment takes that away', async () => {
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const failed = send({ url: secure.url('/', 'secure.example') });
      await expect(failed).rejects.toMatchObject({ details: { reason: 'tls' } });
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
  });
});
