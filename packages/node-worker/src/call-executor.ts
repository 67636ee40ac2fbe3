import { UNKNOWN_EXECUTOR, type ExecutorCall } from '@aumos/agf-engine/common';
import type { Json } from '@aumos/agf-domain/runtime';
import type { AgentExecutors } from './agent-executor.js';
import { fitting, foreseen } from './call-handler.js';
import type { CallSite } from './call-site.js';
import { HandlerError } from './handler-error.js';
import { jsonOf } from './json-of.js';

/**
 * One attempt of one turn.
 * @throws HandlerError, of which all may leave the process; CancelledFailure when it was cancelled
 */
export async function callExecutor(executors: AgentExecutors, call: ExecutorCall, site: CallSite): Promise<Json> {
  const { executor: name, inline: _inline, agent, prompt, messages, tools, response_schema, limits, ...visit } = call;
  const executor = Object.hasOwn(executors, name) ? executors[name] : undefined;
  if (!executor) throw new HandlerError(UNKNOWN_EXECUTOR, `This worker has no executor "${name}"`);
  const turn = {
    agent,
    prompt,
    messages,
    tools,
    limits,
    ...(response_schema === undefined ? {} : { response_schema }),
  };
  let step: Json;
  try {
    step = jsonOf(await executor(turn, { ...visit, ...site, traceparent: visit.traceparent }));
  } catch (error) {
    throw foreseen(error, site);
  }
  return fitting(step, 'step');
}
