import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { NameServer, WebServer } from '@aumos/agf-testing';
import { createOutgoing, dnsResolver } from '../src/index.js';

/** The one that may be reached, and the one behind the same port that may not. */
let open: WebServer;
let shut: WebServer;
let names: NameServer;

beforeAll(async () => {
  open = await WebServer.start(() => ({ body: 'open' }), { address: '127.0.0.2' });
  shut = await WebServer.start(() => ({ body: 'shut' }), { address: '127.0.0.1', port: open.port });
  names = await NameServer.start(() => []);
});
afterAll(async () => {
  await Promise.all([open.close(), shut.close(), names.close()]);
});
beforeEach(() => {
  open.says(() => ({ body: 'open' }));
  shut.requests.length = 0;
});

const client = (internal = ['127.0.0.2']) =>
  createOutgoing({ allow: { internal }, resolver: dnsResolver([names.address]), limits: { connectTimeoutMs: 500 } });
const get = (path = '/', outgoing = client()) =>
  outgoing.request({ method: 'GET', url: open.url(path, 'rebind.example') });
/** IPv4 alone; the nth answer, and the last for ever. */
const inTurn = (...answers: string[]) =>
  names.says((_name, type, nth) => (type === 'A' ? [answers[Math.min(nth, answers.length) - 1] ?? ''] : []));

it('an address that was open when it was checked is the one that is connected to', async () => {
  inTurn('127.0.0.2', '127.0.0.1');
  expect(Buffer.from((await get()).body).toString()).toBe('open');
  expect(names.queries).toEqual(
    expect.arrayContaining([
      { name: 'rebind.example', type: 'A' },
      { name: 'rebind.example', type: 'AAAA' },
    ]),
  );
  expect(names.queries).toHaveLength(2);
  expect([open.requests.length, shut.requests.length]).toEqual([1, 0]);
});

it('a public address first and loopback then: the second is never asked for', async () => {
  inTurn('1.1.1.1', '127.0.0.1');
  const outgoing = createOutgoing({
    resolver: dnsResolver([names.address]),
    limits: { connectTimeoutMs: 200, timeoutMs: 1_500 },
  });
  await expect(get('/', outgoing)).rejects.toMatchObject({ code: expect.stringMatching(/^UPSTREAM_/) });
  expect(names.queries.filter(({ type }) => type === 'A')).toHaveLength(1);
  expect([open.requests.length, shut.requests.length]).toEqual([0, 0]);
});

it('a next request is checked again, though the last one was fine', async () => {
  inTurn('127.0.0.2', '127.0.0.1');
  const outgoing = client();
  await get('/', outgoing);
  await expect(get('/', outgoing)).rejects.toMatchObject({ code: 'ADDRESS_BLOCKED' });
  expect([open.requests.length, shut.requests.length]).toEqual([1, 0]);
});

it('a redirect to the same name is checked again', async () => {
  open.says(({ path }) => (path === '/' ? { status: 302, headers: { location: '/next' } } : { body: 'open' }));
  inTurn('127.0.0.2', '127.0.0.2');
  expect(await get()).toMatchObject({ redirects: 1, status: 200 });
  inTurn('127.0.0.2', '127.0.0.1');
  await expect(get()).rejects.toMatchObject({ code: 'ADDRESS_BLOCKED', details: { reason: 'address' } });
  expect(shut.requests).toEqual([]);
});

it('a bad address among good ones blocks all, in either family', async () => {
  names.says((_name, type) => (type === 'A' ? ['127.0.0.2'] : []));
  expect((await get()).status).toBe(200);
  names.says((_name, type) => (type === 'A' ? ['127.0.0.2', '127.0.0.1'] : []));
  await expect(get()).rejects.toMatchObject({ code: 'ADDRESS_BLOCKED' });
  for (const address of ['::1', '::ffff:127.0.0.1', '::127.0.0.1', '64:ff9b::7f00:1']) {
    names.says((_name, type) => (type === 'A' ? ['127.0.0.2'] : [address]));
    await expect(get()).rejects.toMatchObject({ code: 'ADDRESS_BLOCKED' });
  }
  expect([open.requests.length, shut.requests.length]).toEqual([1, 0]);
});

it('a connection to one name is not used for another that leads to the same place', async () => {
  const connections = new Set<number>();
  open.says(() => (response) => {
    connections.add(response.socket?.remotePort ?? 0);
    response.end('open');
  });
  names.says((_name, type) => (type === 'A' ? ['127.0.0.2'] : []));
  const outgoing = client();
  for (const host of ['a.example', 'b.example', 'a.example'])
    await outgoing.request({ method: 'GET', url: open.url('/', host) });
  expect(open.requests.map(({ headers }) => headers.host?.split(':')[0])).toEqual([
    'a.example',
    'b.example',
    'a.example',
  ]);
  expect(connections.size).toBe(3);
});

it('a name without an address, and a name server that says nothing, end as what cannot be reached', async () => {
  names.says(() => []);
  await expect(get()).rejects.toMatchObject({ code: 'UPSTREAM_UNREACHABLE', details: { reason: 'dns' } });
  names.says(() => 'silence');
  const started = Date.now();
  const asked = client().request({ method: 'GET', url: open.url('/', 'rebind.example'), timeoutMs: 300 });
  await expect(asked).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  expect(Date.now() - started).toBeLessThan(1_500);
});
