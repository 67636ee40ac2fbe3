import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@aumos/agf-testing';
import { Redis } from 'ioredis';
import { redisProgram } from './program.js';

export const HOST = '127.0.0.1';

/** A Redis of a suite's own, to be killed. It keeps its port and its data over that. */
export class RedisServer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'agf-redis-'));
  #process: ChildProcess | undefined;

  private constructor(
    private readonly program: string,
    readonly port: number,
    private readonly settings: Record<string, string>,
  ) {}

  /** Answers when it does. @param settings as on its command line, beside those of every server here */
  static async start(settings: Record<string, string> = {}): Promise<RedisServer> {
    const server = new RedisServer(await redisProgram(), await freePort(), settings);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://${HOST}:${String(this.port)}`;
  }

  async start(): Promise<void> {
    const settings = { port: String(this.port), bind: HOST, dir: this.#folder, save: '', ...this.settings };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    this.#process = spawn(this.program, args, { stdio: 'ignore' });
    await this.do(async (redis) => eventually(async () => (await redis.ping()) === 'PONG', `${this.url} to answer`));
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    running.kill('SIGKILL');
    await once(running, 'exit');
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Something on a connection of its own. */
  async do<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.url, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
    redis.on('error', () => undefined);
    try {
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
