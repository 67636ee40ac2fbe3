import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { SimulationError } from './script.js';
import type { Simulation } from './simulation.js';
import { SimulationLimitError } from './simulation-limit.js';
import type { ThreadAnswer, ThreadJob } from './thread-messages.js';

// From the package's root, so that it is found from the sources as well as from dist.
const ENTRY = fileURLToPath(new URL('../../dist/simulate/thread.js', import.meta.url));
/** A thread that is not ready by then never will be. */
const READY_WITHIN_MS = 30_000;

export interface ThreadLimits {
  timeMs: number;
  memoryMb: number;
  resultBytes: number;
}

/** A thread that simulates one thing after the other, each within its limits; one that breaks a limit is over. */
export class SimulationThread {
  private readonly worker: Worker;
  private readonly ready: Promise<ThreadAnswer>;
  private settle: ((answer: ThreadAnswer | Error) => void) | undefined;
  over = false;

  constructor(private readonly limits: ThreadLimits) {
    this.worker = new Worker(ENTRY, { resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb } });
    this.worker.on('message', (answer: ThreadAnswer) => this.settle?.(answer));
    this.worker.on('error', (error) => this.end(asLimit(error)));
    this.worker.on('exit', () => this.end(new Error('The simulating thread ended')));
    this.ready = this.next(READY_WITHIN_MS);
    this.ready.catch(() => undefined);
  }

  /** @throws SimulationError, SimulationLimitError */
  async run(job: Omit<ThreadJob, 'maxResultBytes'>): Promise<Simulation> {
    await this.ready;
    this.worker.ref();
    try {
      this.worker.postMessage({ ...job, maxResultBytes: this.limits.resultBytes } satisfies ThreadJob);
      return simulationOf(await this.next(this.limits.timeMs));
    } finally {
      // An idle one keeps no process alive.
      this.worker.unref();
    }
  }

  async close(): Promise<void> {
    this.over = true;
    await this.worker.terminate();
  }

  /** What it says next. @throws SimulationLimitError, and the thread is over, when that takes too long */
  private async next(withinMs: number): Promise<ThreadAnswer> {
    const answer = await new Promise<ThreadAnswer | Error>((resolve) => {
      const late = setTimeout(() => this.end(new SimulationLimitError('time')), withinMs);
      this.settle = (said) => {
        clearTimeout(late);
        this.settle = undefined;
        resolve(said);
      };
    });
    if (answer instanceof Error) throw answer;
    return answer;
  }

  private end(reason: Error): void {
    this.over = true;
    this.settle?.(reason);
    void this.worker.terminate();
  }
}

const asLimit = (error: unknown): Error => {
  const code = (error as { code?: unknown }).code;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return new SimulationLimitError('memory', { cause: error });
  return error instanceof Error ? error : new Error(String(error));
};

function simulationOf(answer: ThreadAnswer): Simulation {
  switch (answer.kind) {
    case 'done':
      return answer.simulation;
    case 'too_large':
      throw new SimulationLimitError('size');
    case 'fault':
      throw SimulationError.told(answer.code, answer.message, answer.site);
    case 'failed':
      throw answer.error;
    case 'ready':
      throw new Error('The simulating thread was ready twice');
  }
}
