import { type BreakerKey, type LostBreaker } from '@aumos/agf-domain';

/** What an operator, or history, says of a breaker. Times are ms. */
export type Order =
  | { key: BreakerKey; do: 'isolate'; until: number | null }
  | { key: BreakerKey; do: 'release' }
  | { key: BreakerKey; do: 'restore'; lost: LostBreaker };

/** As the script reads them, by the number of their key. */
export const orderJson = (orders: readonly Order[]): string =>
  JSON.stringify(
    orders.map((order, i) => {
      if (order.do === 'isolate') return [i + 1, 'isolate', order.until ?? 0];
      if (order.do === 'release') return [i + 1, 'release'];
      const { epoch, since, until, failure_count } = order.lost;
      return [i + 1, 'restore', epoch, since, until, failure_count];
    }),
  );
