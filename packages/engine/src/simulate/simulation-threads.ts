import type { WorkflowDefinition } from '@aumos/agf-domain/runtime';
import type { SimulationScript } from './script.js';
import type { Simulation } from './simulation.js';
import { SimulationsBusyError } from './simulation-limit.js';
import { SimulationThread, type ThreadLimits } from './simulation-thread.js';

export interface SimulationThreadsOptions extends Partial<ThreadLimits> {
  /** simulations at once; default 2 */
  threads?: number;
  /** simulations that wait for a thread; default 16 */
  waiting?: number;
}

const LIMITS: ThreadLimits = { timeMs: 5_000, memoryMb: 256, resultBytes: 8 * 1024 * 1024 };

/**
 * Simulates apart from the caller's own thread: a definition that loops, or grows, harms nobody else. Threads are made
 * when they are needed, and kept for the next simulation.
 */
export class SimulationThreads {
  private readonly idle: SimulationThread[] = [];
  private readonly queue: (() => void)[] = [];
  private readonly limits: ThreadLimits;
  private readonly most: { threads: number; waiting: number };
  private underWay = 0;

  constructor({ threads = 2, waiting = 16, ...limits }: SimulationThreadsOptions = {}) {
    this.most = { threads, waiting };
    this.limits = { ...LIMITS, ...limits };
  }

  /**
   * @param script without functions: they do not travel
   * @throws SimulationError, SimulationLimitError, SimulationsBusyError
   */
  async simulate(definition: WorkflowDefinition, script: SimulationScript): Promise<Simulation> {
    await this.turn();
    const thread = this.idleOne() ?? new SimulationThread(this.limits);
    try {
      return await thread.run({ definition, script });
    } finally {
      if (!thread.over) this.idle.push(thread);
      this.underWay--;
      this.queue.shift()?.();
    }
  }

  /** Ends the idle ones; what is under way ends by itself. */
  async close(): Promise<void> {
    await Promise.all(this.idle.splice(0).map((thread) => thread.close()));
  }

  /** One may have ended while nobody looked. */
  private idleOne(): SimulationThread | undefined {
    for (let thread = this.idle.pop(); thread; thread = this.idle.pop()) if (!thread.over) return thread;
    return undefined;
  }

  private async turn(): Promise<void> {
    if (this.underWay >= this.most.threads) {
      if (this.queue.length >= this.most.waiting) throw new SimulationsBusyError();
      await new Promise<void>((resolve) => this.queue.push(resolve));
    }
    this.underWay++;
  }
}
