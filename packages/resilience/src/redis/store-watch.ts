/** Whether Redis answers. While it does not, one call a `retryMs` tries it and the others do not wait for it. */
export class StoreWatch {
  #awaySince: number | null = null;
  #retryAt = 0;
  #lastError: string | null = null;

  constructor(
    readonly retryMs: number,
    private readonly now: () => number,
  ) {}

  /** ms until Redis is tried again; 0: try it now (and this call is the one that does). */
  msToRetry(): number {
    const now = this.now();
    if (this.#awaySince === null) return 0;
    if (now < this.#retryAt) return this.#retryAt - now;
    this.#retryAt = now + this.retryMs;
    return 0;
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
