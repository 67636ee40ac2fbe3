import { AsyncLocalStorage } from 'node:async_hooks';

interface Due {
  at: number;
  fire: () => void;
}

interface Clock {
  ms: number;
  readonly due: Due[];
  readonly watches: Set<{ holds: () => boolean; done: () => void }>;
}

/** A wait that its execution's end cut short. */
export class SimulationCancelled extends Error {
  constructor() {
    super('The simulated execution ended');
    this.name = 'SimulationCancelled';
  }
}

/** Nothing that is due would ever move the execution on. */
export class SimulationStandsStill extends Error {
  constructor() {
    super('The simulated execution stands still');
    this.name = 'SimulationStandsStill';
  }
}

/** Rounds in which neither the graph nor the clock moves: then it never will. */
const IDLE_ROUNDS = 10_000;

const idle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Whose cancellation ends no wait here. One for all: Node never forgets a storage, and asks each at every promise. */
const shields = new AsyncLocalStorage<ReadonlySet<VirtualTime>>();

/** A clock that stands while anything can run, and then jumps to what is due next; of one instant, what came first. */
export class VirtualTime {
  private readonly waiting = new Set<() => void>();
  private cancelled = false;

  private constructor(private readonly clock: Clock) {}

  static from(ms: number): VirtualTime {
    return new VirtualTime({ ms, due: [], watches: new Set() });
  }

  /** The same clock for another execution: its waits end by themselves, or by its own cancel. */
  branch(): VirtualTime {
    return new VirtualTime(this.clock);
  }

  now(): number {
    return this.clock.ms;
  }

  get isCancelled(): boolean {
    return this.cancelled;
  }

  /** @returns takes it back */
  schedule(ms: number, fire: () => void): () => void {
    const { due } = this.clock;
    const entry = { at: this.clock.ms + ms, fire };
    let [low, high] = [0, due.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((due[middle] as Due).at <= entry.at) low = middle + 1;
      else high = middle;
    }
    due.splice(low, 0, entry);
    return () => {
      const index = due.indexOf(entry);
      if (index >= 0) due.splice(index, 1);
    };
  }

  /** @throws SimulationCancelled */
  async wait(ms: number): Promise<void> {
    const shielded = this.refuse();
    await new Promise<void>((resolve, reject) => {
      const cancel = (): void => {
        takeBack();
        reject(new SimulationCancelled());
      };
      const takeBack = this.schedule(ms, () => {
        this.waiting.delete(cancel);
        resolve();
      });
      if (!shielded) this.waiting.add(cancel);
    });
  }

  /** @returns whether it holds, `ms` later at the latest @throws SimulationCancelled */
  async until(holds: () => boolean, ms?: number): Promise<boolean> {
    const shielded = this.refuse();
    if (holds()) return true;
    return new Promise((resolve, reject) => {
      const watch = { holds, done: () => end(() => resolve(true)) };
      const cancel = (): void => end(() => reject(new SimulationCancelled()));
      const takeBack = ms === undefined ? undefined : this.schedule(ms, () => end(() => resolve(holds())));
      const end = (settle: () => void): void => {
        takeBack?.();
        this.clock.watches.delete(watch);
        this.waiting.delete(cancel);
        settle();
      };
      this.clock.watches.add(watch);
      if (!shielded) this.waiting.add(cancel);
    });
  }

  /** @returns whether somebody waited for what now holds */
  private look(): boolean {
    const held = [...this.clock.watches].filter(({ holds }) => holds());
    for (const { done } of held) done();
    return held.length > 0;
  }

  /** What waits in it is not ended by `cancel`. */
  shielded<T>(body: () => Promise<T>): Promise<T> {
    return shields.run(new Set([...(shields.getStore() ?? []), this]), body);
  }

  /** @returns whether the wait is shielded @throws SimulationCancelled */
  private refuse(): boolean {
    const shielded = shields.getStore()?.has(this) ?? false;
    if (this.cancelled && !shielded) throw new SimulationCancelled();
    return shielded;
  }

  /** Ends every wait, those to come included. */
  cancel(): void {
    this.cancelled = true;
    for (const cancel of this.waiting) cancel();
    this.waiting.clear();
  }

  /** Lets time pass until the body has ended. */
  async during<T>(body: Promise<T>): Promise<T> {
    let over = false;
    const ended = body.finally(() => {
      over = true;
    });
    ended.catch(() => undefined);
    for (let rounds = 0; rounds < IDLE_ROUNDS; rounds++) {
      await idle();
      if (over) return ended;
      if (this.look()) continue;
      const next = this.clock.due.shift();
      if (!next) continue;
      rounds = 0;
      this.clock.ms = next.at;
      next.fire();
    }
    throw new SimulationStandsStill();
  }
}
