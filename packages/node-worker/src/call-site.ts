import { beat } from '@aumos/agf-engine/worker';
import { Context } from '@temporalio/activity';
import type { Json } from '@aumos/agf-domain/runtime';
import type { HandlerContext } from './handler-context.js';

/** What a handler's context has of the process that runs it. */
export type CallSite = Pick<HandlerContext, 'attempt' | 'signal' | 'heartbeat' | 'last_heartbeat' | 'log'>;

/** That of the activity under way. */
export function callSite(): CallSite {
  const context = Context.current();
  const { info, log } = context;
  return {
    attempt: info.attempt,
    signal: context.cancellationSignal,
    heartbeat: (details) => beat(context, details ?? null),
    last_heartbeat: (info.heartbeatDetails as Json | undefined) ?? null,
    log: {
      debug: (message, fields) => void log.debug(message, fields),
      info: (message, fields) => void log.info(message, fields),
      warn: (message, fields) => void log.warn(message, fields),
      error: (message, fields) => void log.error(message, fields),
    },
  };
}
