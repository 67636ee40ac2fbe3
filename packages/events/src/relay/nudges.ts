/**
 * Tells the process's own relay of a commit that gave a shard something to send. No other process's is told: all of them
 * would look, and one would find something. What a process leaves behind when it dies, another's poll finds.
 */
export class Nudges {
  readonly #listeners = new Set<(shard: number) => void>();

  /** @returns what ends it */
  listen(onShard: (shard: number) => void): () => void {
    this.#listeners.add(onShard);
    return () => void this.#listeners.delete(onShard);
  }

  tell(shard: number): void {
    for (const listener of this.#listeners) listener(shard);
  }
}
