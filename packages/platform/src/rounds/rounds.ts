import { setTimeout as sleep } from 'node:timers/promises';

export interface RoundsOptions {
  /** from the end of a round to the next one's beginning; asked anew each time */
  everyMs: number | (() => number);
  /** before the first round; default: as between any two */
  firstAfterMs?: number;
  /** ends a pause early */
  until?: () => Promise<unknown>;
  /** A round's failure ends nothing: the next one comes at its time. */
  failed: (err: unknown) => void;
}

/** The same work again and again, one round at a time, for as long as a process lives. */
export class Rounds {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private started = false;

  constructor(
    private readonly round: (signal: AbortSignal) => Promise<unknown>,
    private readonly options: RoundsOptions,
  ) {}

  /** Told when they are to stop. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  /** Once: again, nothing happens. */
  start(): void {
    if (this.started) return;
    this.started = true;
    this.running = this.run();
  }

  /** No further round; the one under way is awaited. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { firstAfterMs } = this.options;
    if (firstAfterMs !== 0) await this.pause(firstAfterMs);
    while (!this.signal.aborted) {
      try {
        await this.round(this.signal);
      } catch (err) {
        this.options.failed(err);
      }
      await this.pause();
    }
  }

  private async pause(ms = this.everyMs()): Promise<void> {
    if (this.signal.aborted) return;
    const over = new AbortController();
    const signal = AbortSignal.any([this.signal, over.signal]);
    const passed = sleep(ms, undefined, { signal }).catch(() => undefined);
    await (this.options.until ? Promise.race([passed, this.options.until()]).catch(() => passed) : passed);
    over.abort();
  }

  private everyMs(): number {
    const { everyMs } = this.options;
    return typeof everyMs === 'number' ? everyMs : everyMs();
  }
}
