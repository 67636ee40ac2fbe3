import { defineHandler, HandlerError } from '@aumos/agf-node-worker';

export const handlers = {
  double: defineHandler({ run: ({ n }) => ({ n: 2 * n }) }),
  fail: defineHandler({
    run: () => {
      throw new HandlerError('NO_STOCK', 'nothing left');
    },
  }),
};
