import { type ServerResponse } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { brotliCompressSync, createGzip, gzipSync } from 'node:zlib';
import { type OutgoingRequest } from '@aumos/agf-domain';
import { WebServer } from '@aumos/agf-testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createOutgoing } from '../src/index.js';

const MB = 1024 * 1024;
let web: WebServer;

beforeAll(async () => {
  web = await WebServer.start();
});
afterAll(async () => {
  await web.close();
});

const outgoing = createOutgoing({
  allow: { internal: ['127.0.0.1'] },
  limits: { maxBytes: MB, timeoutMs: 5_000, maxHeaderBytes: 8_192 },
});
const get = (request: Partial<OutgoingRequest> = {}) => outgoing.request({ method: 'GET', url: web.url(), ...request });
const text = async (request: Partial<OutgoingRequest> = {}) => Buffer.from((await get(request)).body).toString();

describe('a body', () => {
  it.each([
    ['gzip', gzipSync('hello')],
    ['x-gzip', gzipSync('hello')],
    ['GZIP', gzipSync('hello')],
    ['br', brotliCompressSync('hello')],
    ['identity', Buffer.from('hello')],
  ])('comes decompressed from %s', async (coding, body) => {
    web.says(() => ({ headers: { 'content-encoding': coding }, body }));
    expect(await text()).toBe('hello');
    expect(web.requests[0]?.headers['accept-encoding']).toBe('gzip, br');
  });

  it.each(['deflate', 'zstd', 'gzip, gzip', 'nonsense'])('is not taken in %s', async (coding) => {
    web.says(() => ({ headers: { 'content-encoding': coding }, body: gzipSync('hello') }));
    await expect(get()).rejects.toMatchObject({ code: 'UPSTREAM_UNREACHABLE', details: { reason: 'protocol' } });
  });

  it.each([
    ['GET', 200],
    ['GET', 204],
    ['GET', 304],
    ['HEAD', 200],
  ] as const)('may be missing: %s, %i', async (method, status) => {
    web.says(() => ({ status, headers: { 'content-encoding': 'gzip' }, body: '' }));
    expect(await get({ method })).toMatchObject({ status, body: Buffer.alloc(0) });
  });

  it.each(['identity', 'gzip'])('ends where it is enough, and nothing more is waited for: %s', async (coding) => {
    web.says(() => (response) => {
      response.writeHead(200, { 'content-encoding': coding });
      const zip = createGzip();
      if (coding === 'gzip') zip.pipe(response);
      const out = coding === 'gzip' ? zip : response;
      out.write('one ');
      zip.flush();
      setTimeout(() => {
        out.write('two ');
        zip.flush();
      }, 20);
    });
    const seen: string[] = [];
    const enough = (chunk: Uint8Array): boolean =>
      seen.push(Buffer.from(chunk).toString()) > 0 && /two/.test(seen.join(''));
    expect(await text({ enough })).toBe('one two ');
  });

  it('that breaks off is no answer', async () => {
    web.says(() => (response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => response.destroy());
    });
    await expect(get()).rejects.toMatchObject({ code: 'UPSTREAM_UNREACHABLE', retryable: true });
    web.says(() => ({ headers: { 'content-encoding': 'gzip' }, body: gzipSync('x'.repeat(999)).subarray(0, 20) }));
    await expect(get()).rejects.toMatchObject({ code: 'UPSTREAM_UNREACHABLE' });
  });
});

describe('the size', () => {
  it.each([
    ['as it is', 'identity', (bytes: number) => Buffer.alloc(bytes)],
    ['a bomb of gzip', 'gzip', (bytes: number) => gzipSync(Buffer.alloc(bytes))],
    ['a bomb of brotli', 'br', (bytes: number) => brotliCompressSync(Buffer.alloc(bytes))],
  ])('is counted decompressed: %s', async (_what, coding, make) => {
    const [fits, tooLarge] = [make(MB), make(MB + 1)];
    web.says(() => ({ headers: { 'content-encoding': coding }, body: fits }));
    expect((await get()).body).toHaveLength(MB);
    web.says(() => ({ headers: { 'content-encoding': coding }, body: tooLarge }));
    await expect(get()).rejects.toMatchObject({ code: 'RESPONSE_TOO_LARGE', details: { limit: MB }, fault: 'caller' });
  });

  it('of a request may be less than that of all, never more', async () => {
    web.says(() => ({ body: 'x'.repeat(101) }));
    await expect(get({ maxBytes: 100 })).rejects.toMatchObject({ code: 'RESPONSE_TOO_LARGE', details: { limit: 100 } });
    web.says(() => ({ body: Buffer.alloc(2 * MB) }));
    await expect(get({ maxBytes: 10 * MB })).rejects.toMatchObject({ details: { limit: MB } });
  });

  it('of a bomb of 200 MB costs what the limit lets it', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * MB), { level: 9 });
    web.says(() => ({ headers: { 'content-encoding': 'gzip' }, body: bomb }));
    const before = process.memoryUsage().rss;
    await expect(get()).rejects.toMatchObject({ code: 'RESPONSE_TOO_LARGE' });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * MB);
  });

  it('is counted as it comes too: members of gzip that hold nothing have no end', async () => {
    const nothing = Buffer.concat(Array.from({ length: 5_000 }, () => gzipSync('')));
    web.says(() => (response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      pump(response, nothing);
    });
    await expect(get()).rejects.toMatchObject({ code: 'RESPONSE_TOO_LARGE' });
  });

  it('without an end, in chunks', async () => {
    web.says(() => (response) => pump(response, Buffer.alloc(65_536)));
    await expect(get()).rejects.toMatchObject({ code: 'RESPONSE_TOO_LARGE' });
  });

  it.each([
    ['one long header', () => ({ 'x-long': 'x'.repeat(9_000) })],
    ['many', () => Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`x-${String(i)}`, 'x'.repeat(20)]))],
  ])('of headers: %s', async (_what, headers) => {
    web.says(() => ({ headers: { 'x-short': 'x'.repeat(4_000) } }));
    expect((await get()).status).toBe(200);
    web.says(() => ({ headers: headers() }));
    await expect(get()).rejects.toMatchObject({ code: 'RESPONSE_TOO_LARGE' });
  });
});

describe('the time', () => {
  it.each([
    ['that never come', () => undefined],
    [
      'that come in drops',
      (response: ServerResponse) => {
        response.writeHead(200);
        const drops = setInterval(() => response.write('.'), 20);
        response.on('close', () => clearInterval(drops));
      },
    ],
  ])('is one for all: answers %s', async (_what, answer) => {
    web.says(() => ({ body: 'fast' }));
    expect(await text({ timeoutMs: 2_000 })).toBe('fast');
    web.says(() => answer);
    const started = Date.now();
    await expect(get({ timeoutMs: 300 })).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT', retryable: true });
    expect(Date.now() - started).toBeLessThan(2_000);
  });

  it('of redirects counts together', async () => {
    web.says((_request, nth) => (response) => {
      setTimeout(() => response.writeHead(302, { location: `/${String(nth)}` }).end(), 150);
    });
    await expect(get({ timeoutMs: 400 })).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(web.requests.length).toBeLessThan(5);
  });

  it("ends with the caller's signal, by its reason, and so does the connection", async () => {
    const closed = new Promise<void>((resolve) => {
      web.says(() => (response) => response.on('close', resolve));
    });
    const [asking, reason] = [new AbortController(), new Error('enough')];
    const ended = get({ signal: asking.signal });
    setTimeout(() => asking.abort(reason), 100);
    await expect(ended).rejects.toBe(reason);
    await closed;
    await expect(get({ signal: asking.signal })).rejects.toBe(reason);
  });
});

describe('what speaks no HTTP', () => {
  it.each([
    'SSH-2.0-OpenSSH_9.6\r\n',
    'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    '',
  ])('%j is no answer', async (said) => {
    const server = createServer((socket) => socket.on('error', () => undefined).end(said));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const asked = get({ url: `http://127.0.0.1:${String(port)}/` });
      await expect(asked).rejects.toMatchObject({ code: 'UPSTREAM_UNREACHABLE' });
    } finally {
      server.close();
    }
  });

  it('nobody is there', async () => {
    const gone = await WebServer.start();
    const url = gone.url();
    await gone.close();
    const failed: unknown = await get({ url }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'UPSTREAM_UNREACHABLE', details: { reason: 'connect' }, retryable: true });
    expect((failed as Error).cause).toBeUndefined();
  });
});

function pump(response: ServerResponse, bytes: Buffer): void {
  const more = (): void => {
    while (!response.destroyed && response.write(bytes));
  };
  response.on('drain', more);
  more();
}
