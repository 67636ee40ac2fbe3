import {
  type Admission,
  type BreakerKey,
  type BreakerState,
  type BreakerTransition,
  type ChainLink,
} from '@aumos/agf-domain';

interface Era {
  state: BreakerState;
  epoch: number;
  /** of an open one, ms; null: until it is released */
  until: number | null;
  /** permit → when its lease ends */
  probes: Map<string, number>;
}

/**
 * What must hold whatever the rules are made of, told from outside: by transitions, admissions and reports alone.
 * @throws Error at the first that does not
 */
export class Laws {
  readonly #eras = new Map<BreakerKey, Era>();

  told({ key, from, to, epoch, until, reason, counts }: BreakerTransition): void {
    const before = this.#eras.get(key) ?? { state: 'closed' as const, epoch: 0, until: null };
    // History knew that it had been open; the record had been lost.
    const was = reason === 'restored' ? 'open' : before.state;
    if (from !== was) throw new Error(`${key} went from ${from}, and was ${was}`);
    if (epoch <= before.epoch) throw new Error(`${key} went from epoch ${String(before.epoch)} to ${String(epoch)}`);
    if (to === 'half_open' && reason !== 'reset_timeout') throw new Error(`${key} is half open by ${reason}`);
    if (counts.slow > counts.calls || counts.failures > counts.calls) throw new Error(`${key} counted more than calls`);
    if ((until !== null) !== (to === 'open') && reason !== 'isolated')
      throw new Error(`${key} is ${to} until ${String(until)}`);
    this.#eras.set(key, { state: to, epoch, until: until === null ? null : Date.parse(until), probes: new Map() });
  }

  /** After what it changed was told. */
  asked(chain: ChainLink[], admission: Admission, permit: { id: string; lease_ms: number }, now: number): void {
    if (!admission.admitted) return;
    for (const { key, mode, config } of chain) {
      const era = this.#eras.get(key);
      if (era?.state === 'open' && (era.until === null || era.until > now)) throw new Error(`${key} let a call pass`);
      if (era?.state !== 'half_open' || mode === 'check') continue;
      // A lease that ended has ended, wherever the clock steps then.
      for (const [id, ends] of era.probes) if (ends <= now) era.probes.delete(id);
      const out = era.probes.set(permit.id, now + permit.lease_ms).size;
      if (out > config.half_open_max_calls) throw new Error(`${key} has ${String(out)} probes out`);
    }
  }

  reported(permitId: string): void {
    for (const { probes } of this.#eras.values()) probes.delete(permitId);
  }

  forgotten(key: BreakerKey): void {
    this.#eras.delete(key);
  }
}
