import type { Json, JsonObject } from '@aumos/agf-domain/runtime';
import type { GraphCallOptions, TeamGraphStart } from '@aumos/agf-engine/common';
import { platform } from '../workflow/platform.js';
import { currentTask } from '../workflow/current-task.js';
import { jsonOf } from '../workflow/json-of.js';

export type CallOptions = GraphCallOptions;
export interface FunctionCallOptions extends GraphCallOptions {
  /** see `nodesQueue(team)`; default: the platform's queue of functions */
  task_queue?: string;
}

/**
 * Has the platform call a tool, as a tool node does: privileges, gate and approval, breakers, retries, journal, effect key.
 * When the node runs again after an `interrupt`, what it had called is answered, not called again.
 * @throws GraphCallError
 */
export function callTool<Result = Json>(tool: string, args: object = {}, options: CallOptions = {}): Promise<Result> {
  const request = { kind: 'tool', tool, arguments: jsonOf(args) as JsonObject, options } as const;
  return currentTask().once(request, (node) => platform().ask({ ...request, node })) as Promise<Result>;
}

/** Has the platform call a handler of a team's own worker, as a function node does. @throws GraphCallError */
export function callFunction<Result = Json>(
  handler: string,
  args: object = {},
  options: FunctionCallOptions = {},
): Promise<Result> {
  const request = { kind: 'function', handler, arguments: jsonOf(args) as JsonObject, options } as const;
  return currentTask().once(request, (node) => platform().ask({ ...request, node })) as Promise<Result>;
}

/** For whom the graph runs. */
export const execution = (): Pick<
  TeamGraphStart,
  'tenant_id' | 'execution_id' | 'workflow' | 'node' | 'visit' | 'item' | 'effect_key'
> => {
  const { tenant_id, execution_id, workflow, node, visit, item, effect_key } = platform().start;
  return { tenant_id, execution_id, workflow, node, visit, item, effect_key };
};
