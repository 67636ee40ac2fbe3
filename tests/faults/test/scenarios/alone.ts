import { type ChildProcess, spawn } from 'node:child_process';
import { Agent, get } from 'node:http';
import { APP_NAMES, type AppName } from '@aumos/agf-devstack';
import { eventually } from '@aumos/agf-testing';
import { afterEach, expect, it } from '@jest/globals';
import { system, world } from '../system.js';

/** Of the 25 s that an app may take to finish work in flight: there is none here. */
const ENDS_WITHIN_MS = 10_000;

/** An app as Kubernetes runs it: a process, probes, signals. No other app runs. */
class App {
  private readonly process: ChildProcess;
  private readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  private readonly url;

  constructor(private readonly name: AppName) {
    this.url = world().local.apps[name].url;
    const main = `${system().around.places.repository}/apps/${name}/dist/main.js`;
    this.process = spawn(process.execPath, [main], { env: system().environment(name), stdio: 'ignore' });
    this.ended = new Promise((resolve) =>
      this.process.once('exit', (code, signal) => {
        resolve({ code, signal });
      }),
    );
  }

  async ready(): Promise<unknown> {
    const probe = async (): Promise<unknown> => {
      if (this.process.exitCode !== null)
        throw new Error(`${this.name} has ended with ${String(this.process.exitCode)}`);
      const answer = await fetch(`${this.url}/ready`, { headers: { connection: 'close' } });
      return answer.ok ? answer.json() : undefined;
    };
    return eventually(probe, `${this.name} to be ready`, { timeoutMs: 60_000 });
  }

  /** Leaves the connection open, as a gateway in front of it does. */
  async ask(path: string, agent: Agent): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      get(`${this.url}${path}`, { agent }, (answer) => {
        answer.resume().once('end', () => {
          resolve(answer.statusCode);
        });
      }).once('error', reject);
    });
  }

  async end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null; ms: number }> {
    const began = Date.now();
    this.process.kill(signal);
    return { ...(await this.ended), ms: Date.now() - began };
  }
}

export function alone(): void {
  let app: App | undefined;
  afterEach(async () => {
    await app?.end('SIGKILL');
  });

  it.each([...APP_NAMES])('%s gets ready, ends when told to, and starts again', async (name) => {
    const agent = new Agent({ keepAlive: true });
    app = new App(name);
    expect(await app.ready()).toMatchObject({ service: name, components: { postgres: { status: 'healthy' } } });
    expect(await app.ask('/live', agent)).toBe(200);
    const { code, signal, ms } = await app.end('SIGTERM');
    agent.destroy();
    expect([code, signal]).toEqual([0, null]);
    expect(ms).toBeLessThan(ENDS_WITHIN_MS);
    app = new App(name);
    await app.ready();
  });
}
