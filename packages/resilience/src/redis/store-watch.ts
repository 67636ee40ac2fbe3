/** Whether Redis answers. While it does not, one call a `retryMs` tries it and the others do not wait for it. */
export class StoreWatch {
  #awaySince: number | null = null;
  #retryAt = 0;
  #lastError: string | null = null;

  constructor(
    readonly retryMs: number,
    private readonly now: () => number,
  ) {}

  /** While Redis is away, true for one call every `retryMs`: the one that tries it again. */
  mayAsk(): boolean {
    const now = this.now();
    if (this.#awaySince !== null && now < this.#retryAt) return false;
    this.#retryAt = now + this.retryMs;
    return true;
  }

  answered(): void {
    this.#awaySince = null;
  }

  failed(error: unknown): void {
    const now = this.now();
    this.#awaySince ??= now;
    this.#retryAt = now + this.retryMs;
    this.#lastError = error instanceof Error ? error.message : String(error);
  }

  get awaySince(): number | null {
    return this.#awaySince;
  }

  get lastError(): string | null {
    return this.#lastError;
  }
}
