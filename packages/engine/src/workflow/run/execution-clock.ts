import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';

/** The execution's time limit. It stands still while anybody holds it (an open approval). */
export class ExecutionClock {
  private remainingMs: number;
  private runningSince = 0;
  private holds = 0;
  private timer: CancellationScope | undefined;

  constructor(
    limitSeconds: number,
    private readonly onTimeout: () => void,
  ) {
    this.remainingMs = limitSeconds * 1000;
  }

  start(): void {
    this.runningSince = Date.now();
    const timer = new CancellationScope();
    this.timer = timer;
    timer
      .run(() => sleep(Math.max(1, this.remainingMs)))
      .then(this.onTimeout, (error: unknown) => {
        if (!isCancellation(error)) throw error;
      });
  }

  hold(): void {
    if (this.holds++ > 0) return;
    this.remainingMs -= Date.now() - this.runningSince;
    this.timer?.cancel();
  }

  release(): void {
    if (--this.holds === 0) this.start();
  }

  stop(): void {
    this.timer?.cancel();
  }
}
