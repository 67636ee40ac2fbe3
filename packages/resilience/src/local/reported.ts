/** As long as Redis remembers it. */
const REMEMBER_MS = 3_600_000;
const MOST = 50_000;

/** Reports that were counted in this process: one that is sent again counts once. */
export class Reported {
  /** permit id → until when it is remembered, oldest first */
  readonly #until = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  /** @returns false when it was told before */
  first(permitId: string): boolean {
    const now = this.now();
    for (const [id, until] of this.#until) {
      if (until > now && this.#until.size < MOST) break;
      this.#until.delete(id);
    }
    if (this.#until.has(permitId)) return false;
    this.#until.set(permitId, now + REMEMBER_MS);
    return true;
  }
}
