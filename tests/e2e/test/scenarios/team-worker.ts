import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { eventually } from '@aumos/agf-testing';
import { world } from '../system.js';

const EXAMPLE = new URL('../../../../examples/node-worker/dist/main.js', import.meta.url);

interface HandlerLine {
  handler: string;
  effect_key: string;
  attempt: number;
}

/** An example's worker as a process of its own, as its team would start it. */
export class TeamWorker {
  readonly lines: string[] = [];
  private readonly child: ChildProcess;
  private readonly exited: Promise<number | null>;

  private constructor(example: URL) {
    const { temporal, temporal_namespace } = world().local;
    const env = { ...process.env, TEMPORAL_ADDRESS: temporal, TEMPORAL_NAMESPACE: temporal_namespace };
    this.child = spawn(process.execPath, [example.pathname], { env, stdio: ['ignore', 'pipe', 'ignore'] });
    if (this.child.stdout) createInterface(this.child.stdout).on('line', (line) => this.lines.push(line));
    this.exited = new Promise((resolve) => this.child.once('exit', resolve));
  }

  static async start(example = EXAMPLE): Promise<TeamWorker> {
    const worker = new TeamWorker(example);
    const taking = (): boolean | undefined => worker.lines[0]?.startsWith('taking ');
    try {
      // It makes its bundle first.
      await eventually(taking, "the team's worker to take calls", { timeoutMs: 60_000 });
    } catch (error) {
      await worker.end('SIGKILL');
      throw error;
    }
    return worker;
  }

  /** The calls it began for an execution. */
  calls(executionId: string): HandlerLine[] {
    return this.lines
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as HandlerLine)
      .filter(({ effect_key }) => effect_key.startsWith(`${executionId}/`));
  }

  /** @returns its exit code, null where it was killed */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.exited;
  }
}
