/** Shards of which a lane was told, and the lane's sleep between them. */
export class Hints {
  private readonly shards = new Set<number>();
  private wake: (() => void) | undefined;

  add(shard: number): void {
    this.shards.add(shard);
    this.interrupt();
  }

  /** Takes all that were added. */
  take(): number[] {
    const taken = [...this.shards];
    this.shards.clear();
    return taken;
  }

  interrupt(): void {
    this.wake?.();
  }

  /** Resolves after `ms`, or as soon as there is a hint. */
  async sleep(ms: number): Promise<void> {
    if (this.shards.size > 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = undefined;
  }
}
