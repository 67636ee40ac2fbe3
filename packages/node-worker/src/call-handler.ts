import { HANDLER_FAILED, PAYLOAD_BYTES, UNKNOWN_HANDLER, type HandlerCall } from '@aumos/agf-engine/common';
import { jsonSize, type Json } from '@aumos/agf-domain/runtime';
import { CancelledFailure } from '@temporalio/activity';
import type { CallSite } from './call-site.js';
import type { Handlers } from './define-handler.js';
import { HandlerError } from './handler-error.js';

/**
 * One attempt of one call.
 * @throws HandlerError, of which all may leave the process; CancelledFailure when it was cancelled
 */
export async function callHandler(handlers: Handlers, call: HandlerCall, site: CallSite): Promise<Json> {
  const { handler: name, arguments: args, traceparent, ...visit } = call;
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  if (!handler) throw new HandlerError(UNKNOWN_HANDLER, `This worker has no handler "${name}"`);
  let result: Json;
  try {
    result = await handler.call(args, { ...visit, ...site, traceparent });
  } catch (error) {
    throw foreseen(error, site);
  }
  return fitting(result, 'result');
}

/** @throws HandlerError PAYLOAD_TOO_LARGE */
export function fitting(given: Json, what: 'result' | 'step'): Json {
  const bytes = jsonSize(given);
  if (bytes <= PAYLOAD_BYTES) return given;
  const text = `The ${what} is ${String(bytes)} bytes of JSON; ${String(PAYLOAD_BYTES)} are the most`;
  throw new HandlerError('PAYLOAD_TOO_LARGE', text);
}

/** What may leave the process of what the team's code threw. */
export function foreseen(error: unknown, { signal, log }: CallSite): Error {
  if (error instanceof HandlerError) return error;
  if (signal.aborted) return error instanceof CancelledFailure ? error : new CancelledFailure('Cancelled');
  // Its text may hold anything: it stays here.
  log.error('a handler failed with what it does not name', { error });
  return new HandlerError(HANDLER_FAILED, 'The handler failed', { retryable: true });
}
