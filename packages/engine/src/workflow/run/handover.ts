import type { Json } from '@aumos/agf-domain/runtime';
import type { VisitOutcome } from '../plan/step.js';
import { siteKey, type Site } from './site.js';

export interface Handed {
  ended: (Site & { outcome: VisitOutcome })[];
  kept: (Site & { value: Json })[];
}

/**
 * What lets an execution go on in another run in the middle of a step: no visit begins any more, those under way end or
 * come to a wait, and then how visits ended and what waiting ones go on with is all there is.
 */
export class Handover {
  /** visits that one run may begin */
  mostVisits = Infinity;
  private begun = 0;
  private asked = false;
  /** visits begun that neither ended nor wait */
  private readonly busy = new Set<string>();
  private readonly ended = new Map<string, Site & { outcome: VisitOutcome }>();
  private readonly kept = new Map<string, Site & { value: Json }>();

  constructor(handed: Handed | undefined) {
    for (const ended of handed?.ended ?? []) this.ended.set(siteKey(ended), ended);
    for (const kept of handed?.kept ?? []) this.kept.set(siteKey(kept), kept);
  }

  /** No visit begins any more. */
  get wanted(): boolean {
    return this.asked || this.begun >= this.mostVisits;
  }

  ask(): void {
    this.asked = true;
  }

  /** Every visit that began has ended or waits. */
  get quiet(): boolean {
    return this.busy.size === 0;
  }

  /** How the visit ended in an earlier run. */
  outcomeOf(site: Site): VisitOutcome | undefined {
    return this.ended.get(siteKey(site))?.outcome;
  }

  visit(site: Site, run: () => Promise<VisitOutcome>): Promise<VisitOutcome> {
    return this.busyWith(site, async () => {
      const outcome = await run();
      this.took(site, outcome);
      return outcome;
    });
  }

  /** One thing that the run does, and is not quiet meanwhile. */
  async busyWith<T>(site: Site, run: () => Promise<T>): Promise<T> {
    this.begun++;
    this.busy.add(siteKey(site));
    try {
      return await run();
    } finally {
      this.busy.delete(siteKey(site));
    }
  }

  /** The visit ended so. */
  took(site: Site, outcome: VisitOutcome): void {
    this.ended.set(siteKey(site), { ...site, outcome });
  }

  /** Whether something is known of a visit of these nodes, in the step that is under way. */
  knows(nodes: ReadonlySet<string>): boolean {
    return [...this.ended.values(), ...this.kept.values()].some(({ node }) => nodes.has(node));
  }

  /** A wait that another run can take up by what the visit keeps. */
  async idle<T>(site: Site, wait: () => Promise<T>): Promise<T> {
    const key = siteKey(site);
    // What is done inside of another visit, or after all of them, is not taken up by itself.
    if (!this.busy.delete(key)) return wait();
    try {
      return await wait();
    } finally {
      this.busy.add(key);
    }
  }

  /** What is done inside of a visit that idles meanwhile: it waits, and keeps what it goes on with, by itself. */
  async within<T>(inner: Site, run: () => Promise<T>): Promise<T> {
    const key = siteKey(inner);
    this.busy.add(key);
    try {
      return await run();
    } finally {
      this.busy.delete(key);
      this.kept.delete(key);
    }
  }

  /** What the visit goes on with in another run. */
  keep(site: Site, value: Json): void {
    this.kept.set(siteKey(site), { ...site, value });
  }

  /** It goes on with nothing. */
  drop(site: Site): void {
    this.kept.delete(siteKey(site));
  }

  keptOf(site: Site): Json | undefined {
    return this.kept.get(siteKey(site))?.value;
  }

  /** A step was committed. */
  forget(): void {
    this.ended.clear();
    this.kept.clear();
  }

  /** Of the step that is under way. */
  handed(): Handed {
    const kept = [...this.kept.values()].filter((site) => !this.ended.has(siteKey(site)));
    return { ended: [...this.ended.values()], kept };
  }
}
