/** Calls `onWedged` once when nothing has moved for too long: kafkajs can hang for ever on restarts of its own. */
export class Watchdog {
  private last = performance.now();
  private timer: NodeJS.Timeout | undefined;

  /** @param isWedged asked after the silence; false (the service is away for everybody) starts the time again */
  constructor(
    private readonly silenceMs: number,
    private readonly onWedged: (why: string) => void,
    private readonly isWedged: () => Promise<boolean> = () => Promise.resolve(true),
  ) {}

  start(): void {
    this.progress();
    this.timer = setInterval(() => void this.look(), Math.min(1_000, this.silenceMs / 4));
    this.timer.unref();
  }

  progress(): void {
    this.last = performance.now();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async look(): Promise<void> {
    const { last } = this;
    const silence = performance.now() - last;
    if (silence < this.silenceMs) return;
    this.progress();
    const wedged = await this.isWedged();
    if (!wedged || !this.timer) return;
    this.stop();
    this.onWedged(`no progress for ${String(Math.round(silence))} ms`);
  }
}
