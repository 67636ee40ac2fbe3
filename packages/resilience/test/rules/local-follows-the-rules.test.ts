import { describe, expect, it } from '@jest/globals';
import type { Admission, Permit, ReportedOutcome } from '@aumos/agf-domain';
import fc from 'fast-check';
import { LocalBreakers } from '../../src/local/local-breakers.js';
import { type Command, type Ended, KEYS, localSequence } from './commands.js';
import { Model } from './model.js';
import { BEGAN } from './play.js';

const SEQUENCES = 5_000;
const TENANT = 'a';

/** One sequence in a process, and what the model says of each call. */
class LocalPlay {
  readonly model = new Model(TENANT);
  #now = BEGAN;
  readonly #local = new LocalBreakers(() => this.#now);
  readonly #held: Permit[] = [];
  #permits = 0;

  run(command: Command): void {
    if (command.do === 'wait') this.#now += command.ms;
    if (command.do === 'report')
      for (const { which, ...ended } of command.reported) this.#report(this.#held.at(-1 - which), ended);
    if (command.do === 'load' || command.do === 'end') {
      const ends = command.isolations.map(([key, ms]) => [key, ms === null ? null : this.#now + ms] as const);
      this.model.reread();
      this.model.end(this.model.begin('t'), new Map(ends), this.#now);
      this.#local.follow(TENANT, new Map(ends));
    }
    if (command.do !== 'acquire') return;
    for (const { chain, lease_ms } of command.asked) {
      const id = `p${String(this.#permits++)}`;
      const expected = this.model.acquire(chain, { id: `process-${id}`, lease_ms }, this.#now);
      const admission: Admission = this.#local.acquire(TENANT, chain, id, lease_ms);
      expect(admission).toEqual({ ...expected, degraded: true });
      if (!admission.admitted) continue;
      this.#held.push(admission.permit);
      if (command.at_once) this.#report(admission.permit, command.at_once);
    }
  }

  #report(permit: Permit | undefined, { outcomes, took_ms, jitter }: Ended): void {
    if (!permit) return;
    const outcome: ReportedOutcome = (key) => outcomes[KEYS.indexOf(key)] ?? 'ignored';
    this.model.report(permit, { outcome, took_ms }, this.#now, jitter);
    this.#local.report(TENANT, permit, { outcome, tookMs: took_ms }, jitter);
  }
}

describe('the breakers of a process and the rules of the domain', () => {
  it(`decide alike over ${String(SEQUENCES)} generated command sequences`, () => {
    const seen = new Map<string, number>();
    const property = fc.property(localSequence, (steps) => {
      const play = new LocalPlay();
      for (const step of steps) play.run(step);
      for (const { reason } of play.model.transitions) seen.set(reason, (seen.get(reason) ?? 0) + 1);
    });
    fc.assert(property, { numRuns: SEQUENCES });
    expect([...seen.values()].filter((times) => times < 20)).toEqual([]);
    expect(seen.size).toBe(8);
  }, 120_000);
});
