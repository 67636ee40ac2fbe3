import { STATE_LIMIT_BYTES, jsonSize, type Json } from '@aumos/agf-domain/runtime';
import { executionError } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';
import type { ExecutionRun } from './execution-run.js';

const outputError = (text: string): NodeError =>
  new NodeError(executionError({ node: null, visit: null }, 'OUTPUT_ERROR', text));

/** The definition's `output`; without one, the declared channels that were written. @throws NodeError OUTPUT_ERROR */
export function outputOf(run: ExecutionRun): Json {
  const output = evaluate(run);
  const bytes = jsonSize(output);
  if (bytes > STATE_LIMIT_BYTES)
    throw outputError(`The output is ${String(bytes)} bytes; ${String(STATE_LIMIT_BYTES)} are the most`);
  return output;
}

function evaluate(run: ExecutionRun): Json {
  const { state, book } = run.view;
  if (!run.plan.output) return Object.fromEntries(book.written.map((channel) => [channel, state[channel] ?? null]));
  try {
    return run.plan.output().evaluate({ ...run.expressionScope, state });
  } catch (error) {
    throw outputError(error instanceof Error ? error.message : String(error));
  }
}
