import { setTimeout as sleep } from 'node:timers/promises';
import { type Report } from '../services/service.js';
import { type Part } from './part.js';

const LOOK_EVERY_MS = 150;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** A part that lived this long has forgotten its earlier deaths. */
const STEADY_MS = 30_000;

interface Watched {
  part: Part;
  /** deaths in a row */
  deaths: number;
  upSince: number;
  /** being started again */
  healing: boolean;
  /** down on purpose */
  held: boolean;
}

/** How long to wait before the nth start in a row: the first death costs nothing. */
export const pauseBefore = (deaths: number): number =>
  deaths <= 1 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (deaths - 2), LONGEST_PAUSE_MS);

/** Starts again what dies, as Kubernetes would: at once, then with growing pauses. */
export class Supervisor {
  private readonly watched = new Map<string, Watched>();
  private readonly healings = new Set<Promise<void>>();
  private loop: Promise<void> | undefined;

  /** @param signal ends the watching and whatever start is under way */
  constructor(
    private readonly report: Report,
    private readonly signal: AbortSignal,
  ) {}

  /** @param held: down on purpose until {@link release} */
  watch(part: Part, { held = false } = {}): void {
    this.watched.set(part.name, { part, deaths: 0, upSince: Date.now(), healing: false, held });
    this.loop ??= this.look();
  }

  /** @returns once nothing is being started any more; to be called after the signal */
  async ended(): Promise<void> {
    await this.loop;
    await Promise.all(this.healings);
  }

  /** Leaves it down when it ends, until {@link release}. */
  hold(name: string): void {
    const each = this.watched.get(name);
    if (each) each.held = true;
  }

  release(name: string): void {
    const each = this.watched.get(name);
    if (each) each.held = false;
  }

  private async look(): Promise<void> {
    while (!this.signal.aborted) {
      for (const each of this.watched.values()) if (!each.held && !each.healing && !each.part.isUp()) this.heal(each);
      await sleep(LOOK_EVERY_MS);
    }
  }

  private heal(each: Watched): void {
    each.healing = true;
    const healing = this.startAgain(each).finally(() => {
      each.healing = false;
      each.upSince = Date.now();
      this.healings.delete(healing);
    });
    this.healings.add(healing);
  }

  private async startAgain(each: Watched): Promise<void> {
    const { part } = each;
    each.deaths = Date.now() - each.upSince > STEADY_MS ? 1 : each.deaths + 1;
    const pause = pauseBefore(each.deaths);
    this.report(part.name, `died, starting again${pause ? ` in ${String(pause)} ms` : ''}`);
    try {
      await sleep(pause, undefined, { signal: this.signal });
      if (each.held) return;
      await part.up(this.signal);
      this.report(part.name, 'is back');
    } catch (error) {
      if (!this.signal.aborted) this.report(part.name, error instanceof Error ? error.message : String(error));
    }
  }
}
