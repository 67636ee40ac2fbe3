import { jsonSize, type JsonObject } from '@aumos/agf-domain/runtime';
import type { Bookkeeping } from './step.js';

/** Before the first step. */
export const firstBook = (initialState: JsonObject): Bookkeeping => ({
  step: 0,
  due: {},
  visits: {},
  joins: {},
  ended: false,
  written: [],
  stateBytes: jsonSize(initialState),
});
