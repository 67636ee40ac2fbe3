import type { Admission, BreakerKey, CallOutcome } from '@aumos/agf-domain';

/** Milliseconds since 1970, finer than `Date.now()`: the clock of this machine, as Redis' is. */
export const clock = (): number => performance.timeOrigin + performance.now();

/** One guarded call, as its caller saw it. */
export interface ToldCall {
  /** whose breakers were asked */
  keys: BreakerKey[];
  level: 2 | 3;
  lease_ms: number;
  asked: number;
  answered: number;
  admission: Admission;
  /** null: its caller crashed. `sure`: no report of that time was lost */
  reported: (Span & { outcome: CallOutcome; sure: boolean }) | null;
}

/** Something that took from `begun` to `ended`. */
export interface Span {
  begun: number;
  ended: number;
}

/** What one seed's run did and saw, beside what the stores have. */
export interface Told {
  calls: ToldCall[];
  /** of `COUNTED`: each report of a failure that was acknowledged */
  counted: Span[];
  flushes: Span[];
  /** from when `ISOLATED` was surely isolated until somebody began to release it */
  isolated: Span;
}
