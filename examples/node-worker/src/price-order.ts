import { defineHandler, HandlerError } from '@aumos/agf-node-worker';
import { z } from 'zod';
import { say } from './say.js';

const UNIT_PRICES: Readonly<Record<string, number>> = { bolt: 0.2, nut: 0.1, wrench: 14.5 };

/** Prices the lines of an order. Schemas of zod: `lines` is typed, and wrong arguments never reach it. */
export const priceOrder = defineHandler({
  input: z.object({ lines: z.array(z.object({ item: z.string(), count: z.int().min(1) })).min(1) }),
  output: z.object({ total: z.number(), lines: z.array(z.object({ item: z.string(), price: z.number() })) }),
  run({ lines }, context) {
    say('price_order', context);
    const priced = lines.map(({ item, count }) => {
      const unit = UNIT_PRICES[item];
      // The node's `on_error` sees this code; no attempt would find a price.
      if (unit === undefined)
        throw new HandlerError('UNKNOWN_ITEM', `there is no price of ${item}`, { details: { item } });
      return { item, price: Math.round(unit * count * 100) / 100 };
    });
    return { lines: priced, total: Math.round(priced.reduce((sum, { price }) => sum + price, 0) * 100) / 100 };
  },
});
