import type { Runtime } from './runtime.js';

/** The execution's time limit. It stands still while anybody holds it (an open approval). */
export class ExecutionClock {
  private runningSince = 0;
  private holds = 0;
  private stopTimer: (() => void) | undefined;

  constructor(
    private readonly runtime: Pick<Runtime, 'now' | 'timer'>,
    private remainingMs: number,
    private readonly onTimeout: () => void,
  ) {}

  start(): void {
    this.runningSince = this.runtime.now();
    this.stopTimer = this.runtime.timer(Math.max(1, this.remainingMs), this.onTimeout);
  }

  hold(): void {
    if (this.holds++ > 0) return;
    this.remainingMs -= this.runtime.now() - this.runningSince;
    this.stopTimer?.();
  }

  release(): void {
    if (--this.holds === 0) this.start();
  }

  /** of the limit, now */
  get leftMs(): number {
    const running = this.holds > 0 ? 0 : this.runtime.now() - this.runningSince;
    return Math.max(1, this.remainingMs - running);
  }

  stop(): void {
    this.stopTimer?.();
  }
}
