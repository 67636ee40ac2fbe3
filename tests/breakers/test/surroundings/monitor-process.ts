import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventually } from '@aumos/agf-testing';

const MAIN = fileURLToPath(new URL('../../../../apps/circuit-breaker-monitor/dist/main.js', import.meta.url));
const UP_WITHIN_MS = 90_000;

/** A monitor as Kubernetes runs it: it is started again, with the same settings, at the same address. */
export class MonitorProcess {
  private child: ChildProcess | undefined;

  constructor(
    private readonly env: Record<string, string>,
    private readonly port: number,
    private readonly log: string,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  up(): void {
    const log = openSync(this.log, 'a');
    const env = { ...process.env, ...this.env, AUMOS_AGF_PORT: String(this.port) };
    this.child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', log, log] });
    closeSync(log);
  }

  /** @throws when it is not ready in time */
  async ready(): Promise<void> {
    const probe = async (): Promise<boolean> =>
      (await fetch(`${this.url}/ready`, { headers: { connection: 'close' } })).ok;
    await eventually(probe, `a monitor to be ready, see ${this.log}`, { timeoutMs: UP_WITHIN_MS, everyMs: 50 });
  }

  /** @returns once it is gone */
  async down(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGCONT');
    child.kill(signal);
    await gone;
  }

  stall(): void {
    this.child?.kill('SIGSTOP');
  }

  goOn(): void {
    this.child?.kill('SIGCONT');
  }
}
