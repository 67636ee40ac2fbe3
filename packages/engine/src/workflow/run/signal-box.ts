import { SIGNAL_LIMITS, jsonSize, type Json } from '@aumos/agf-domain/runtime';

/** A visit that waits for a signal. */
export interface SignalWait {
  readonly name: string;
  readonly site: { node: string; visit: number };
  /** the signal that became the visit's */
  taken?: { payload: Json };
}

/** By name, in the order in which they came: plain JSON, for the run that continues this one. */
export type KeptSignals = Record<string, Json[]>;

/** An execution's signals: kept by name in their order until a visit takes one; each is one visit's, first come, first served. */
export class SignalBox {
  private readonly kept: Map<string, Json[]>;
  private readonly waiting: SignalWait[] = [];
  private count: number;

  constructor(kept: KeptSignals = {}) {
    this.kept = new Map(Object.entries(kept).map(([name, payloads]) => [name, [...payloads]]));
    this.count = [...this.kept.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** @returns false when it is too large, or too many are kept: then it is dropped */
  deliver(name: string, payload: Json): boolean {
    if (jsonSize(payload) > SIGNAL_LIMITS.bytes) return false;
    const first = this.waiting.find((wait) => wait.name === name && !wait.taken);
    if (first) {
      first.taken = { payload };
      return true;
    }
    if (this.count >= SIGNAL_LIMITS.kept) return false;
    this.kept.set(name, [...(this.kept.get(name) ?? []), payload]);
    this.count++;
    return true;
  }

  /** The oldest kept one is taken at once. Whoever waits has to `leave`. */
  wait(name: string, site: SignalWait['site']): SignalWait {
    const wait: SignalWait = { name, site };
    const [payload, ...rest] = this.kept.get(name) ?? [];
    if (payload === undefined) {
      this.waiting.push(wait);
      return wait;
    }
    this.count--;
    if (rest.length > 0) this.kept.set(name, rest);
    else this.kept.delete(name);
    return { ...wait, taken: { payload } };
  }

  leave(wait: SignalWait): void {
    const index = this.waiting.indexOf(wait);
    if (index >= 0) this.waiting.splice(index, 1);
  }

  /** Visits that wait in vain so far. */
  awaited(): readonly SignalWait[] {
    return this.waiting.filter(({ taken }) => !taken);
  }

  export(): KeptSignals {
    return Object.fromEntries([...this.kept].map(([name, payloads]) => [name, [...payloads]]));
  }
}
