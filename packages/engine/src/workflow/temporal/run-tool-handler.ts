import { isCancellation, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { ToolNode, ToolSpec } from '@aumos/agf-domain/runtime';
import {
  RECORDING_RETRY,
  WORKER_WAIT_SECONDS,
  handlerCallOf,
  type CalledTool,
  type ExecutionActivities,
  type HandlerCall,
  type HandlerOutcome,
  type HandlerReply,
  type SettledTool,
  type ToolCall,
  type ToolDispatch,
} from '../../common/index.js';
import { executionError } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';
import { retrySchedule } from '../run/call-policy.js';
import { toolHandlerOptions } from './activity-options.js';
import type { FunctionSettings } from './call-function.js';
import { locally } from './locally.js';
import { toolHandlerError } from './tool-handler-error.js';

type Desk = Pick<ExecutionActivities, 'settleTool'>;
/** The member's name is the activity's: `HANDLER_ACTIVITY`. */
interface Handlers {
  runHandler(call: HandlerCall): Promise<HandlerReply>;
}
type Admitted = Extract<ToolDispatch, { kind: 'admitted' }>;

/** An admitted call whose work a team's handler does. @throws NodeError, a cancellation */
export async function runToolHandler(
  call: ToolCall,
  { node, spec }: { node: ToolNode; spec: ToolSpec },
  { permit, task_queue, handler }: Admitted,
  settings: FunctionSettings,
): Promise<CalledTool> {
  const { ended: _ended, steps: _steps, ...begun } = call;
  const site = { node: call.node, visit: call.visit };
  const started_at = new Date().toISOString();
  const settled = (outcome: HandlerOutcome): Promise<SettledTool> =>
    settle({ call: begun, permit, started_at, outcome });
  const { runHandler } = proxyActivities<Handlers>({
    ...toolHandlerOptions(node, spec),
    taskQueue: task_queue,
    scheduleToStartTimeout: (settings.worker_wait_seconds ?? WORKER_WAIT_SECONDS) * 1000,
  });
  let reply: HandlerReply;
  try {
    reply = checked(await runHandler(handlerCallOf({ ...begun, handler })));
  } catch (thrown) {
    const { maxAttempts } = retrySchedule(node, spec);
    const error = toolHandlerError(thrown, site, { idempotent: spec.idempotent, maxAttempts });
    await settled({ kind: 'failed', error: told(error) });
    throw error;
  }
  const end = await settled({ kind: 'completed', reply });
  if (end.kind === 'failed') throw new NodeError(end.error);
  return end;

  function checked(answer: unknown): HandlerReply {
    if (typeof answer === 'object' && answer !== null && 'result' in answer) return answer as HandlerReply;
    throw new NodeError(executionError(site, 'INVALID_RESULT', 'The worker did not answer as a handler does'));
  }

  function told(error: unknown): NodeError['error'] {
    if (error instanceof NodeError) return error.error;
    if (isCancellation(error)) return executionError(site, 'CANCELLED', 'The visit was cancelled');
    return executionError(site, 'INTERNAL_ERROR', 'An internal error');
  }
}

const settle = (settlement: Parameters<Desk['settleTool']>[0]): Promise<SettledTool> =>
  locally(() =>
    proxyLocalActivities<Desk>({
      startToCloseTimeout: '30s',
      retry: RECORDING_RETRY,
      localRetryThreshold: '2s',
    }).settleTool(settlement),
  );
