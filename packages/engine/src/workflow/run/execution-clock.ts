import type { HoldableClock, Runtime } from './runtime.js';

/** The execution's time limit. It stands still while anybody holds it (an open approval, a wait, a pause). */
export class ExecutionClock implements HoldableClock {
  private runningSince = 0;
  private holds = 0;
  private started = false;
  private stopTimer: (() => void) | undefined;

  constructor(
    private readonly runtime: Pick<Runtime, 'now' | 'timer' | 'clockStands'>,
    private remainingMs: number,
    private readonly onTimeout: () => void,
  ) {}

  start(): void {
    this.started = true;
    if (this.holds === 0) this.go();
    this.runtime.clockStands(this.holds > 0);
  }

  hold(): void {
    if (this.holds++ > 0 || !this.started) return;
    this.remainingMs -= this.runtime.now() - this.runningSince;
    this.stopTimer?.();
    this.runtime.clockStands(true);
  }

  release(): void {
    if (--this.holds > 0 || !this.started) return;
    this.go();
    this.runtime.clockStands(false);
  }

  /** of the limit, now */
  get leftMs(): number {
    const running = this.holds > 0 || !this.started ? 0 : this.runtime.now() - this.runningSince;
    return Math.max(1, this.remainingMs - running);
  }

  /** For good: what still runs has no limit. */
  stop(): void {
    if (this.started && this.holds === 0) this.remainingMs -= this.runtime.now() - this.runningSince;
    this.started = false;
    this.stopTimer?.();
  }

  private go(): void {
    this.runningSince = this.runtime.now();
    this.stopTimer = this.runtime.timer(Math.max(1, this.remainingMs), this.onTimeout);
  }
}
