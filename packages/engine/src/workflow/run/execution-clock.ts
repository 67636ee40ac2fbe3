import type { HoldableClock, Runtime } from './runtime.js';

/** The execution's time limit. It stands still while anybody holds it (an open approval). */
export class ExecutionClock implements HoldableClock {
  private remainingMs: number;
  private runningSince = 0;
  private holds = 0;
  private stopTimer: (() => void) | undefined;

  constructor(
    private readonly runtime: Pick<Runtime, 'now' | 'timer' | 'clockStands'>,
    limitSeconds: number,
    private readonly onTimeout: () => void,
  ) {
    this.remainingMs = limitSeconds * 1000;
  }

  start(): void {
    this.runningSince = this.runtime.now();
    this.stopTimer = this.runtime.timer(Math.max(1, this.remainingMs), this.onTimeout);
  }

  hold(): void {
    if (this.holds++ > 0) return;
    this.remainingMs -= this.runtime.now() - this.runningSince;
    this.stopTimer?.();
    this.runtime.clockStands(true);
  }

  release(): void {
    if (--this.holds > 0) return;
    this.start();
    this.runtime.clockStands(false);
  }

  stop(): void {
    this.stopTimer?.();
  }
}
