import type { AuthenticatedActor } from '../../auth/index.js';

/** How somebody follows what happens. */
export interface Following {
  /** the position after which it begins; null: at the present */
  after: number | null;
  /** ends it; default: with the token */
  maxSeconds?: number | undefined;
  /** the caller has gone */
  gone: AbortSignal;
}

/** When it ends, ms since 1970: with the token, at the latest. */
export const endOf = ({ expires_at }: AuthenticatedActor, { maxSeconds = Infinity }: Following): number =>
  Math.min(expires_at, Date.now() + maxSeconds * 1000);
