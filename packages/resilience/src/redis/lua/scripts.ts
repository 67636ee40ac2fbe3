/**
 * The breakers on Redis: the rules of `@aumos/agf-domain` (breaker/) in Lua, so that whole chains are decided in one
 * call, by Redis' clock. The two are held together by a model test; change both.
 *
 * A call answers one or more requests of one tenant, in order, as if each came alone. Beside its KEYS it touches
 * neighbours of the same hash tag: `index`, the sorted set of written breakers; `reported:<permit>`, the reports already
 * counted; `isolations`, the marker that PostgreSQL's isolations are here, and `isolated`. A record is the JSON of a
 * BreakerRecord. An absent one is closed and of epoch 0, which makes the healthy path one MGET.
 */
import { ACQUIRE, ACQUIRE_PREAMBLE } from './acquire.js';
import { clockOf } from './clock.js';
import { BEGIN_LOADING, END_LOADING, ORDER, ORDER_PREAMBLE } from './orders.js';
import { LIST, READ } from './read.js';
import { COMMIT, RECORDS } from './record.js';
import { REPORT, REPORT_PREAMBLE } from './report.js';
import { WINDOW } from './window.js';

export interface BreakerScripts {
  acquire: string;
  report: string;
  order: string;
  beginLoading: string;
  endLoading: string;
  read: string;
  list: string;
}

/** Products use REDIS_CLOCK. Another clock is another script, so time can never be an argument of a call. */
export function breakerScripts(clock: string): BreakerScripts {
  const now = clockOf(clock);
  const change = now + RECORDS;
  return {
    acquire: ACQUIRE_PREAMBLE + change + COMMIT + ACQUIRE,
    report: REPORT_PREAMBLE + change + WINDOW + COMMIT + REPORT,
    order: ORDER_PREAMBLE + change + WINDOW + COMMIT + ORDER,
    beginLoading: BEGIN_LOADING,
    endLoading: ORDER_PREAMBLE + change + WINDOW + COMMIT + END_LOADING,
    read: now + READ,
    list: now + LIST,
  };
}
