import { shortened, type ExecutionError, type JsonObject } from '@aumos/agf-domain/runtime';
import { GRAPH_FAILED } from '@aumos/agf-engine/common';
import { log } from '@temporalio/workflow';
import { GraphCallError, GraphError } from '../graph/errors.js';
import { shownJson } from './json-of.js';

/** What a graph threw, of which all may leave the process: what it does not name stays in the worker's log. */
export function failureOf(error: unknown): ExecutionError {
  if (error instanceof GraphCallError) return error.error;
  if (error instanceof GraphError) return failure(error.code, error.message, shownJson(error.details) as JsonObject);
  log.error('a graph failed with what it does not name', { error: String(error) });
  // LangGraph names its own: of a limit that was reached, of two writers of one value.
  const code = (error as { lc_error_code?: unknown } | null)?.lc_error_code;
  return failure(GRAPH_FAILED, 'The graph failed', typeof code === 'string' ? { langgraph: code } : {});
}

export const failure = (code: string, message: string, details: JsonObject = {}): ExecutionError => ({
  code,
  message: shortened(message),
  node: null,
  visit: null,
  attempts: 1,
  details,
});
