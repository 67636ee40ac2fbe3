import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { eventually, testStack } from '@aumos/agf-testing';

/** A worker process that a test may kill. */
export class WorkerProcess {
  readonly lines: string[] = [];
  private readonly child: ChildProcess;

  private constructor(taskQueue: string) {
    const stack = testStack();
    this.child = spawn(process.execPath, [fileURLToPath(new URL('./killable-worker.mjs', import.meta.url))], {
      env: { ...process.env, TEMPORAL: stack.temporal, NAMESPACE: stack.temporal_namespace, QUEUE: taskQueue },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (this.child.stdout) createInterface(this.child.stdout).on('line', (line) => this.lines.push(line));
  }

  static async open(taskQueue: string): Promise<WorkerProcess> {
    const worker = new WorkerProcess(taskQueue);
    await worker.said('ready');
    return worker;
  }

  /** @returns the line */
  said(start: string): Promise<string> {
    return eventually(() => this.lines.find((line) => line.startsWith(start)), `"${start}" of a worker`);
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}
