/** Wakes its follower when something new may be there. */
export interface Wake {
  /** Until told, or so long; at once when told since the last wait. */
  wait(ms: number): Promise<void>;
  close(): void;
}

/** Tells followers in this process of what may be new, by a key: a tenant's id. What it misses costs delay only. */
export class Bell {
  private readonly listeners = new Map<string, Set<() => void>>();

  ring(key: string): void {
    for (const listener of this.listeners.get(key) ?? []) listener();
  }

  /** Whether anybody listens. */
  has(key: string): boolean {
    return this.listeners.has(key);
  }

  /** @param signal wakes it as well */
  listen(key: string, signal: AbortSignal): Wake {
    let told = false;
    let wake: () => void = () => undefined;
    const tell = (): void => {
      told = true;
      wake();
    };
    const ours = this.listeners.get(key) ?? new Set();
    this.listeners.set(key, ours.add(tell));
    signal.addEventListener('abort', tell);
    return {
      wait: async (ms) => {
        if (!told && !signal.aborted)
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, ms);
            wake = () => {
              clearTimeout(timer);
              resolve();
            };
          });
        told = false;
      },
      close: () => {
        signal.removeEventListener('abort', tell);
        ours.delete(tell);
        if (ours.size === 0 && this.listeners.get(key) === ours) this.listeners.delete(key);
      },
    };
  }
}
