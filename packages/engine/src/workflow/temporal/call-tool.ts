import { proxyActivities } from '@temporalio/workflow';
import type { ToolNode, ToolSpec } from '@aumos/agf-domain/runtime';
import type { CalledTool, ExecutionActivities, ToolCall, ToolDispatch } from '../../common/index.js';
import { retrySchedule } from '../run/call-policy.js';
import { activityError } from './activity-error.js';
import { toolActivityOptions } from './activity-options.js';
import type { FunctionSettings } from './call-function.js';
import { runToolHandler } from './run-tool-handler.js';

type Dispatch = Pick<ExecutionActivities, 'runTool'>;

/** One call of a tool, wherever its work is done. @throws NodeError, a cancellation */
export async function callTool(
  call: ToolCall,
  as: { node: ToolNode; spec: ToolSpec },
  settings: FunctionSettings,
): Promise<CalledTool> {
  const dispatched = await dispatch(call, as);
  return dispatched.kind === 'admitted' ? runToolHandler(call, as, dispatched, settings) : dispatched;
}

async function dispatch(call: ToolCall, { node, spec }: { node: ToolNode; spec: ToolSpec }): Promise<ToolDispatch> {
  try {
    return await proxyActivities<Dispatch>(toolActivityOptions(node, spec)).runTool(call);
  } catch (error) {
    const { maxAttempts } = retrySchedule(node, spec);
    throw activityError(error, { node: call.node, visit: call.visit }, { idempotent: spec.idempotent, maxAttempts });
  }
}
