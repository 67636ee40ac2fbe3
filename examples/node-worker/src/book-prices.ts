import { setTimeout as sleep } from 'node:timers/promises';
import { defineHandler } from '@aumos/agf-node-worker';
import { say } from './say.js';

const STEP_MS = 100;

/**
 * Books a total with a system that takes its time. The types follow from JSON Schema as well as from zod. What must
 * happen once is named by the effect key: an attempt after a crash books under the same one.
 */
export const bookPrices = defineHandler({
  input: {
    type: 'object',
    properties: { total: { type: 'number' }, takes_ms: { type: 'integer', minimum: 0 } },
    required: ['total'],
    additionalProperties: false,
  },
  output: {
    type: 'object',
    properties: { booking: { type: 'string' }, total: { type: 'number' }, attempt: { type: 'integer' } },
    required: ['booking', 'total', 'attempt'],
  },
  async run({ total, takes_ms = 0 }, context) {
    say('book_prices', context);
    for (let spent = 0; spent < takes_ms; spent += STEP_MS) {
      // Ends the wait when the execution is cancelled, or this worker is to stop.
      await sleep(STEP_MS, undefined, { signal: context.signal });
      context.heartbeat({ spent });
    }
    return { booking: context.effect_key, total, attempt: context.attempt };
  },
});
