/** Loaded by the execution worker, see AUMOS_AGF_HANDLER_MODULES. */
import { defineHandler } from '@aumos/agf-node-worker';
import { clock } from '../decision/clock.js';

const integer = { type: 'integer' } as const;

const addOne = defineHandler({
  input: { type: 'object', properties: { n: integer }, required: ['n'] } as const,
  output: integer,
  run: ({ n }) => n + 1,
});

/** When it began. */
const clockNow = defineHandler({
  input: { type: 'object' } as const,
  output: { type: 'number' } as const,
  run: () => clock(),
});

export const handlers = { bench_add_one: addOne, bench_clock: clockNow };
