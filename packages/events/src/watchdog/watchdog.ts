/** Calls `onWedged` once when nothing has moved for too long: kafkajs can hang for ever on restarts of its own. */
export class Watchdog {
  private last = performance.now();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly silenceMs: number,
    private readonly onWedged: (why: string) => void,
  ) {}

  start(): void {
    this.progress();
    this.timer = setInterval(() => this.look(), Math.min(1_000, this.silenceMs / 4));
    this.timer.unref();
  }

  progress(): void {
    this.last = performance.now();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const silence = performance.now() - this.last;
    if (silence < this.silenceMs) return;
    this.stop();
    this.onWedged(`no progress for ${String(Math.round(silence))} ms`);
  }
}
