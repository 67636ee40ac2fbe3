import { ToolError, type JsonObject } from '@aumos/agf-domain/runtime';

const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;
/** They end an execution whatever its definition says, or say that a breaker refused the call: the platform's alone. */
const RESERVED: ReadonlySet<string> = new Set(['CANCELLED', 'CIRCUIT_OPEN', 'EXECUTION_TIMEOUT', 'MAX_STEPS']);

/**
 * A failure that the handler names: its code, text and details become the node's error, which `on_error` sees. Anything
 * else that a handler throws is HANDLER_FAILED, retried, and its text stays in the worker's own log.
 */
export class HandlerError extends ToolError {
  /**
   * @param code UPPER_SNAKE; the node's `retry.non_retryable` may name it
   * @param options `retryable`: another attempt may go better; default false
   * @throws TypeError for a code that is none
   */
  constructor(
    code: string,
    message: string,
    { retryable = false, details = {} }: { retryable?: boolean; details?: JsonObject } = {},
  ) {
    if (!CODE.test(code) || RESERVED.has(code)) throw new TypeError(`"${code}" is no code that a handler may use`);
    super(code, message, retryable, details);
    this.name = 'HandlerError';
  }
}
