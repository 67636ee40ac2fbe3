import { Agent, createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@aumos/agf-testing';
import { type Running, spawnSample, startProcess } from './support/process.js';

const started: Running[] = [];
const start = async (env?: Record<string, string>): Promise<Running> => {
  const running = await startProcess(env);
  started.push(running);
  return running;
};
afterEach(() => {
  for (const { process } of started.splice(0)) process.kill('SIGKILL');
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('a service', () => {
  it('on SIGTERM finishes what is in flight, does not wait for idle connections, and ends with 0', async () => {
    const service = await start({ SLOW_MS: '400' });
    const agent = new Agent({ keepAlive: true });
    await new Promise((resolve) => {
      request(`${service.url}/live`, { agent }, (answer) => answer.resume().on('end', resolve)).end();
    });
    const slow = fetch(`${service.url}/api/v1/sample/slow`);
    await eventually(() => service.lines().some((line) => line['message'] === 'slow begins'));
    service.process.kill('SIGTERM');
    const begin = performance.now();
    expect(await (await slow).json()).toEqual({ done: true });
    expect(await service.ended).toBe(0);
    expect(performance.now() - begin).toBeLessThan(5000);
    const messages = service.lines().map((line) => line['message']);
    expect(messages).toEqual(['listening', 'slow begins', 'shutting down', 'GET /api/v1/sample/slow 200', 'stopped']);
    agent.destroy();
  });

  it('shows metrics at a port of their own, and nowhere without one', async () => {
    const port = await freePort();
    const service = await start({ AUMOS_AGF_METRICS_PORT: String(port) });
    const answer = await fetch(`http://127.0.0.1:${String(port)}/metrics`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/plain/)]);
    expect(await answer.text()).toMatch(/^target_info\{.*service_name="/m);
    expect((await fetch(`${service.url}/metrics`)).status).toBe(404);
    service.process.kill('SIGTERM');
    expect(await service.ended).toBe(0);
    await start();
    await expect(fetch(`http://127.0.0.1:${String(port)}/metrics`)).rejects.toThrow();
  });

  it('cuts what does not end in time, also when the collector of traces is gone', async () => {
    const service = await start({
      SLOW_MS: '60000',
      AUMOS_AGF_SHUTDOWN_TIMEOUT_SECONDS: '1',
      AUMOS_AGF_OTEL_ENDPOINT: 'http://127.0.0.1:9',
    });
    const slow = fetch(`${service.url}/api/v1/sample/slow`).catch((error: unknown) => error);
    await eventually(() => service.lines().some((line) => line['message'] === 'slow begins'));
    service.process.kill('SIGTERM');
    expect(await slow).toMatchObject({ message: 'fetch failed' });
    expect(await service.ended).toBe(0);
  });

  it('ends with 1 when its port is taken and on what nobody caught, and says it', async () => {
    const first = await start();
    const second = spawnSample({ AUMOS_AGF_PORT: new URL(first.url).port });
    expect(await second.ended).toBe(1);
    const taken = { level: 'fatal', message: 'the start failed', err: { code: 'EADDRINUSE' } };
    expect(second.lines().at(-1)).toMatchObject(taken);
    await fetch(`${first.url}/api/v1/sample/crash`).catch(() => undefined);
    expect(await first.ended).toBe(1);
    const uncaught = { level: 'fatal', message: 'uncaught', err: { message: 'nobody catches this' } };
    expect(first.lines().at(-1)).toMatchObject(uncaught);
  });

  it('ends with 78 when its settings are wrong, naming all of them and no secret', async () => {
    const env = {
      AUMOS_AGF_PORT: 'x',
      AUMOS_AGF_OTEL_ENDPOINT: 'otlp://user:hunter2@host',
      AUMOS_AGF_LOG_LEVEL: 'loud',
    };
    const service = spawnSample(env);
    expect(await service.ended).toBe(78);
    for (const name of Object.keys(env)) expect(service.stderr()).toContain(name);
    expect(service.stderr()).not.toContain('hunter2');
  });
});

describe('traces', () => {
  let collector: Server;
  let bodies: { url?: string; text: string }[];
  beforeAll(async () => {
    bodies = [];
    collector = createServer(
      (asked, answer) =>
        void collect(asked).then(
          (text) => (bodies.push({ url: asked.url, text }), answer.end(JSON.stringify(asked.headers))),
        ),
    );
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void collector.close());
  const port = (): string => String((collector.address() as AddressInfo).port);

  it('join the caller’s, stand in every line, and go on to whom is called, without a collector', async () => {
    const service = await start({ ECHO_PORT: port() });
    const headers = { traceparent: PARENT };
    const traced = (await (await fetch(`${service.url}/api/v1/sample/trace`, { headers })).json()) as {
      traceparent: string;
    };
    expect(traced.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
    const called = (await (await fetch(`${service.url}/api/v1/sample/call`, { headers })).json()) as {
      sent: string;
      here: string;
    };
    expect(called.sent.slice(0, 35)).toBe(PARENT.slice(0, 35));
    expect(called.sent).not.toBe(called.here);
    const lines = await eventually(() => {
      const found = service.lines().filter((line) => line['trace_id'] === '0af7651916cd43dd8448eb211c80319c');
      return found.length === 3 ? found : undefined;
    }, 'the lines of the trace');
    expect(lines.map((line) => line['message'])).toEqual([
      'inside of the trace',
      'GET /api/v1/sample/trace 200',
      'GET /api/v1/sample/call 200',
    ]);
    await fetch(`${service.url}/api/v1/sample/trace`);
    // The answer may come before what its process wrote does.
    const own = await eventually(
      () =>
        service
          .lines()
          .find((line) => line['message'] === 'inside of the trace' && line['trace_id'] !== lines[0]?.['trace_id']),
      'the line of a trace of its own',
    );
    expect(own['trace_id']).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    expect(lines.every((line) => /^[0-9a-f]{16}$/.test(String(line['span_id'])))).toBe(true);
  });

  it('go to the collector, the last ones at the end, and hold no query', async () => {
    const service = await start({ AUMOS_AGF_OTEL_ENDPOINT: `http://127.0.0.1:${port()}/` });
    await fetch(`${service.url}/api/v1/sample/trace?access_token=c4nary`, { headers: { traceparent: PARENT } });
    service.process.kill('SIGINT');
    expect(await service.ended).toBe(0);
    const sent = bodies
      .filter(({ url }) => url === '/v1/traces')
      .map(({ text }) => text)
      .join();
    expect(sent).toContain('"stringValue":"sample"');
    expect(sent).toContain('0af7651916cd43dd8448eb211c80319c');
    expect(sent).toContain('"name":"work"');
    expect(sent).not.toContain('c4nary');
  });
});

async function collect(asked: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of asked) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
