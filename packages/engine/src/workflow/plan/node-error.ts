import type { ExecutionError } from '@aumos/agf-domain/runtime';
import { executionError, type ErrorSite } from './failure.js';

/** A node's error on its way to whoever handles it. */
export class NodeError extends Error {
  constructor(
    readonly error: ExecutionError,
    /** a breaker refused the call: `on_open` applies */
    readonly open = false,
  ) {
    super(error.message);
    this.name = 'NodeError';
  }
}

const EXPRESSION_ERRORS: ReadonlySet<string> = new Set([
  'ExpressionError',
  'ExpressionLimitError',
  'ExpressionCompileError',
]);

/** What an evaluation threw, as the node's error; what is not an expression's fault passes unchanged. */
export function expressionFailure(error: unknown, site: ErrorSite): unknown {
  if (!(error instanceof Error) || !EXPRESSION_ERRORS.has(error.name)) return error;
  return new NodeError(executionError(site, 'EXPRESSION_ERROR', error.message));
}
