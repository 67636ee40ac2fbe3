import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';
import { testStack } from './stack.js';

const DURABLE = { appendonly: 'yes', appendfsync: 'always' };

/**
 * A Redis of the suite's own, to be killed, stalled and started again at the same address. It runs the program that the
 * stack's server runs.
 */
export class RedisServer {
  #process: ChildProcess | undefined;

  private constructor(
    private readonly program: string,
    private readonly folder: string,
    readonly port: number,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  /**
   * @param settings as of its command line; default: every write is on disk before it is answered, so that it loses what a
   *   suite takes from it, and nothing else
   * @throws Error when there is no program of a Redis on this machine
   */
  static async start(settings: Readonly<Record<string, string>> = DURABLE): Promise<RedisServer> {
    const [program, port] = await Promise.all([programOf(new URL(testStack().redis)), freePort()]);
    const server = new RedisServer(program, mkdtempSync(join(tmpdir(), 'agf-redis-')), port, settings);
    await server.up();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${String(this.port)}/0`;
  }

  /** With what was on disk, at the same address. @returns once it answers */
  async up(): Promise<void> {
    const own = { port: String(this.port), bind: '127.0.0.1', dir: this.folder, save: '' };
    const args = Object.entries({ ...own, ...this.settings }).flatMap(([name, value]) => [`--${name}`, value]);
    this.#process = spawn(this.program, args, { stdio: 'ignore' });
    await eventually(async () => (await said(this.port, '127.0.0.1', 'PING')).startsWith('+PONG'), 'Redis to answer');
  }

  /** SIGKILL, or SIGTERM: it ends in order. @returns once it is gone */
  async down(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGCONT');
    running.kill(signal);
    await gone;
  }

  /** It keeps its connections and answers nobody. */
  stall(): void {
    this.#process?.kill('SIGSTOP');
  }

  goOn(): void {
    this.#process?.kill('SIGCONT');
  }

  async close(): Promise<void> {
    await this.down();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function programOf(stack: URL): Promise<string> {
  const info = await said(Number(stack.port), stack.hostname, 'INFO server', 'executable:');
  const [, program = ''] = /^executable:(.+)\r$/m.exec(info) ?? [];
  if (existsSync(program)) return program;
  for (const name of ['valkey-server', 'redis-server'])
    try {
      return execFileSync('which', [name], { encoding: 'utf8' }).trim();
    } catch {
      // not here
    }
  throw new Error(`there is no program of a Redis here: the stack's is ${program}`);
}

/** What a server says to an inline command, up to `until` or its first bytes. @throws when nobody listens */
async function said(port: number, host: string, command: string, until = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = createConnection(port, host, () => socket.write(`${command}\r\n`));
    socket.setTimeout(2_000, () => socket.destroy(new Error(`${command}: no answer`)));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
    socket.on('data', (bytes) => {
      text += bytes.toString();
      const at = text.indexOf(until);
      if (at >= 0 && text.includes('\r\n', at)) socket.destroy();
    });
  });
}
