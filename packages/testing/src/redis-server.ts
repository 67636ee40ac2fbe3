import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';
import { testStack } from './stack.js';

/**
 * A Redis of the suite's own, to be killed, stalled and started again. It runs the program that the stack's server runs,
 * and has every write on disk before it is answered: what it loses is what a suite takes from it.
 */
export class RedisServer {
  #process: ChildProcess | undefined;

  private constructor(
    private readonly program: string,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  /** @throws Error when the stack's server is no program of this machine */
  static async start(): Promise<RedisServer> {
    const [program, port] = await Promise.all([programOf(new URL(testStack().redis)), freePort()]);
    const server = new RedisServer(program, mkdtempSync(join(tmpdir(), 'agf-redis-')), port);
    await server.up();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${String(this.port)}/0`;
  }

  /** With what was on disk, at the same address. @returns once it answers */
  async up(): Promise<void> {
    const settings = { port: this.port, bind: '127.0.0.1', dir: this.folder, save: '', appendonly: 'yes' };
    const all = { ...settings, appendfsync: 'always', 'maxmemory-policy': 'noeviction' };
    const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]);
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
