interface Waiting {
  bytes: number;
  begin: () => void;
}

/**
 * Keeps what is under way at once within what Temporal takes: 2,000 pending activities or children an execution, 4 MB of
 * commands a workflow task. First come, first served, so that a replay begins the same ones.
 */
export class InFlight {
  private count = 0;
  private bytes = 0;
  private readonly queue: Waiting[] = [];

  constructor(private readonly limit: { count: number; bytes: number }) {}

  async use<T>(bytes: number, run: () => Promise<T>): Promise<T> {
    const release = await this.enter(bytes);
    try {
      return await run();
    } finally {
      release();
    }
  }

  /** @returns gives the place back */
  async enter(bytes: number): Promise<() => void> {
    if (this.queue.length > 0 || !this.fits(bytes))
      await new Promise<void>((begin) => this.queue.push({ bytes, begin }));
    else this.take(bytes);
    return () => {
      this.count--;
      this.bytes -= bytes;
      this.beginWaiting();
    };
  }

  private fits(bytes: number): boolean {
    return this.count === 0 || (this.count < this.limit.count && this.bytes + bytes <= this.limit.bytes);
  }

  private take(bytes: number): void {
    this.count++;
    this.bytes += bytes;
  }

  private beginWaiting(): void {
    for (let next = this.queue[0]; next && this.fits(next.bytes); next = this.queue[0]) {
      this.queue.shift();
      this.take(next.bytes);
      next.begin();
    }
  }
}
