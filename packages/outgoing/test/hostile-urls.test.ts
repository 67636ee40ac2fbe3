import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type OutgoingClient } from '@aumos/agf-domain';
import { NameServer, WebServer } from '@aumos/agf-testing';
import { createOutgoing, dnsResolver, type OutgoingPolicy } from '../src/index.js';
import { Policy } from '../src/policy.js';
import { targetOf } from '../src/target.js';
import {
  ADDRESSES_OF_INSIDE,
  CREDENTIALS,
  type HostileUrl,
  LOOPBACK_IN_DISGUISE,
  NAMES_OF_INSIDE,
  NAMES_THAT_LEAD_INSIDE,
  PARSER_TRICKS,
  PORTS,
  SCHEMES,
} from './hostile-urls.js';

const ANYTHING_OF_LOOPBACK = { internal: ['127.0.0.0/8'] };

let web: WebServer;
let names: NameServer;

beforeAll(async () => {
  web = await WebServer.start(() => ({ body: 'inside' }));
  names = await NameServer.start((_name, type) => (type === 'A' ? ['127.0.0.1'] : []));
});
afterAll(async () => {
  await Promise.all([web.close(), names.close()]);
});
beforeEach(() => {
  web.requests.length = 0;
  names.queries.length = 0;
});

const client = (allow?: OutgoingPolicy): OutgoingClient =>
  createOutgoing({ allow, resolver: dnsResolver([names.address]), limits: { timeoutMs: 5_000 } });
const at = (url: string): string => url.replaceAll('PORT', String(web.port));
const get = (url: string, allow?: OutgoingPolicy) => client(allow).request({ method: 'GET', url: at(url) });

async function expectBlocked({ url, reason }: HostileUrl, allow?: OutgoingPolicy): Promise<void> {
  await expect(get(url, allow)).rejects.toMatchObject({
    code: 'ADDRESS_BLOCKED',
    fault: 'caller',
    details: { reason },
  });
  expect(web.requests).toEqual([]);
}
async function expectReached(url: string, allow: OutgoingPolicy): Promise<void> {
  const { status, body } = await get(url, allow);
  expect([status, Buffer.from(body).toString(), web.requests.length]).toEqual([200, 'inside', 1]);
}

it('are at least sixty', () => {
  const all = [LOOPBACK_IN_DISGUISE, NAMES_THAT_LEAD_INSIDE, NAMES_OF_INSIDE, ADDRESSES_OF_INSIDE, SCHEMES];
  const urls = [...all, CREDENTIALS, PARSER_TRICKS, PORTS].flat().map(({ url }) => url);
  expect(new Set(urls).size).toBe(urls.length);
  expect(urls.length).toBeGreaterThanOrEqual(60);
});

describe('loopback in disguise', () => {
  it.each(LOOPBACK_IN_DISGUISE)('$url ($why) reaches it when it is open', ({ url }) =>
    expectReached(url, ANYTHING_OF_LOOPBACK),
  );
  it.each(LOOPBACK_IN_DISGUISE)('$url ($why) is blocked', async (hostile) => {
    await expectBlocked(hostile);
    expect(names.queries).toEqual([]);
  });
});

describe('names that lead inside', () => {
  it.each(NAMES_THAT_LEAD_INSIDE)('$url ($why) reaches it when it is open', ({ url }) =>
    expectReached(url, ANYTHING_OF_LOOPBACK),
  );
  it.each(NAMES_THAT_LEAD_INSIDE)('$url ($why) is blocked', async (hostile) => {
    await expectBlocked(hostile);
    expect(names.queries).toHaveLength(2);
  });
});

describe('names of what is inside', () => {
  it.each(NAMES_OF_INSIDE)('$url ($why) reaches it when its name is open', ({ url }) =>
    expectReached(url, { internal: [new URL(at(url)).host.replace('.:', ':')] }),
  );
  it.each(NAMES_OF_INSIDE)('$url ($why) is blocked, whatever addresses are open', async (hostile) => {
    await expectBlocked(hostile, ANYTHING_OF_LOOPBACK);
    expect(names.queries).toEqual([]);
  });
});

describe('addresses of what is inside', () => {
  it.each(ADDRESSES_OF_INSIDE)('$url ($why) is blocked', (hostile) => expectBlocked(hostile));
});

describe.each([
  ['schemes', SCHEMES],
  ['credentials', CREDENTIALS],
  ['tricks on who reads a URL', PARSER_TRICKS],
] as const)('%s', (_category, hostile) => {
  it('reach an open server in their harmless form', () =>
    expectReached('http://127.0.0.1:PORT/', ANYTHING_OF_LOOPBACK));
  it.each(hostile)('$url ($why) is blocked, though the server is open', (each) =>
    expectBlocked(each, ANYTHING_OF_LOOPBACK),
  );
});

describe('ports', () => {
  it.each(PORTS)('$url is blocked, though its address is open', (each) => expectBlocked(each, ANYTHING_OF_LOOPBACK));
  it.each(PORTS)('$url is fine when a rule names the port', ({ url }) => {
    const policy = new Policy({ internal: [new URL(url).host] });
    expect(() => policy.checkAddresses(targetOf(url), ['127.0.0.1'])).not.toThrow();
  });
});

describe('what a blocked request says', () => {
  it('is neither where a name led, nor what else is in the URL', async () => {
    const url = at('http://inside.example:PORT/path?token=s3cret');
    const error: unknown = await get(url).catch((thrown: unknown) => thrown);
    const said = JSON.stringify([
      error,
      (error as Error).message,
      (error as Error).stack,
      (error as Error).cause ?? null,
    ]);
    expect(said).toContain('inside.example');
    expect(said).not.toMatch(/127\.0\.0\.1|s3cret|\/path/);
  });
});
