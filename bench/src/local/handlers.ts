/** Loaded by the execution worker, see AUMOS_AGF_HANDLER_MODULES. */
import { defineHandler } from '@aumos/agf-node-worker';

const integer = { type: 'integer' } as const;

const addOne = defineHandler({
  input: { type: 'object', properties: { n: integer }, required: ['n'] } as const,
  output: integer,
  run: ({ n }) => n + 1,
});

export const handlers = { bench_add_one: addOne };
