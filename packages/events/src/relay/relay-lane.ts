import { type DrainContext, drainShard } from './drain-shard.js';
import { Hints } from './hints.js';
import { shardsWithWork } from './outbox-sql.js';

const FIRST_BACKOFF_MS = 100;

export interface LaneContext extends DrainContext {
  pollMs: number;
  onProgress(): void;
}

/** One loop over a part of the shards: what it was told of, or else what a probe finds. */
export class RelayLane {
  private readonly hints = new Hints();
  private running = true;
  private failures = 0;
  /** of the last round; undefined when that went well */
  failure: Error | undefined;

  constructor(
    private readonly shards: readonly number[],
    private readonly o: LaneContext,
  ) {}

  hint(shard: number): void {
    if (this.shards.includes(shard)) this.hints.add(shard);
  }

  stop(): void {
    this.running = false;
    this.hints.interrupt();
  }

  /** Ends after {@link stop}, when the batch in hand is done. Never throws. */
  async run(): Promise<void> {
    while (this.running) {
      const pauseMs = await this.round();
      this.o.onProgress();
      if (this.running && pauseMs > 0) await this.hints.sleep(pauseMs);
    }
  }

  /** @returns how long to sleep */
  private async round(): Promise<number> {
    let shard: number | undefined;
    let pauseMs = this.o.pollMs;
    try {
      await this.o.sender.ready();
      const hinted = this.hints.take();
      for (shard of hinted.length > 0 ? hinted : await this.probe()) {
        if (!this.running) return 0;
        const drained = await drainShard(shard, this.o);
        if (drained.kind === 'more') this.hints.add(shard);
        if (drained.kind === 'wait') pauseMs = Math.min(pauseMs, drained.ms);
        this.o.onProgress();
      }
      this.failures = 0;
      this.failure = undefined;
      return pauseMs;
    } catch (error) {
      this.failure = error as Error;
      this.o.report.failed(this.failure, shard);
      return Math.min(FIRST_BACKOFF_MS * 2 ** this.failures++, this.o.pollMs);
    }
  }

  /** From a different start each time, so that several relays rarely meet. */
  private async probe(): Promise<number[]> {
    const found = await shardsWithWork(this.o.pool, this.shards);
    const start = Math.floor(Math.random() * found.length);
    return [...found.slice(start), ...found.slice(0, start)];
  }
}
