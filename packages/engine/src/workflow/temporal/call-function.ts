import { isCancellation, proxyActivities, proxyLocalActivities, type RetryPolicy } from '@temporalio/workflow';
import { TASK_QUEUES, type FunctionNode } from '@aumos/agf-domain/runtime';
import {
  RECORDING_RETRY,
  WORKER_WAIT_SECONDS,
  handlerCallOf,
  type ExecutionActivities,
  type ExecutionSettings,
  type FunctionAdmission,
  type FunctionCall,
  type FunctionOutcome,
  type FunctionSettlement,
  type HandlerCall,
  type HandlerOutcome,
  type HandlerReply,
} from '../../common/index.js';
import { executionError } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';
import { functionSchedule } from '../run/call-policy.js';
import type { CallsOfGraph } from '../run/calls-of-graph.js';
import { functionActivityOptions } from './activity-options.js';
import { handlerError } from './handler-error.js';
import { locally } from './locally.js';
import { runTeamGraph } from './run-team-graph.js';

type Desk = Pick<ExecutionActivities, 'admitFunction' | 'settleFunction'>;
type Local = Pick<ExecutionActivities, 'runFunction'>;
/** The member's name is the activity's: {@link HANDLER_ACTIVITY}. */
interface Handlers {
  runHandler(call: HandlerCall): Promise<HandlerReply>;
}
export type FunctionSettings = Pick<ExecutionSettings, 'nodes_queue' | 'worker_wait_seconds'>;

/** About two minutes: an admission is no work that would be lost. */
const ADMISSION_ATTEMPTS = 10;

/** One visit of a function node, wherever its handler runs. @throws NodeError, a cancellation */
export async function callFunction(
  call: FunctionCall,
  node: FunctionNode,
  settings: FunctionSettings,
  inside?: CallsOfGraph,
): Promise<FunctionOutcome> {
  if (node.placement === 'local') return callLocal(call, node);
  const admission = await admit(call);
  if (admission.kind !== 'admitted') return admission;
  const { ended: _ended, steps: _steps, ...settled } = call;
  const begun = { call: settled, permit: admission.permit, started_at: new Date().toISOString() };
  const run = () => (inside ? runTeamGraph(call, node, settings, inside) : runHandler(call, node, settings));
  return underPermit(call, node, run, (outcome) => settle({ ...begun, outcome }));
}

async function callLocal(call: FunctionCall, node: FunctionNode): Promise<FunctionOutcome> {
  try {
    return await proxyActivities<Local>(functionActivityOptions(node, call.attempts_before)).runFunction(call);
  } catch (error) {
    throw handlerError(error, siteOf(call), functionSchedule(node).maxAttempts);
  }
}

async function underPermit(
  call: FunctionCall,
  node: FunctionNode,
  run: () => Promise<HandlerReply>,
  settled: (outcome: HandlerOutcome) => ReturnType<Desk['settleFunction']>,
): Promise<FunctionOutcome> {
  try {
    const reply = await run();
    const journalled = await settled({ kind: 'completed', reply });
    return { kind: 'completed', result: journalled ? journalled.result : reply.result };
  } catch (thrown) {
    const error = handlerError(thrown, siteOf(call), functionSchedule(node).maxAttempts);
    await settled({ kind: 'failed', error: errorOf(error, call) });
    throw error;
  }
}

async function runHandler(call: FunctionCall, node: FunctionNode, settings: FunctionSettings): Promise<HandlerReply> {
  const { runHandler: run } = proxyActivities<Handlers>({
    ...functionActivityOptions(node),
    taskQueue: node.task_queue ?? settings.nodes_queue ?? TASK_QUEUES.nodes,
    scheduleToStartTimeout: (settings.worker_wait_seconds ?? WORKER_WAIT_SECONDS) * 1000,
  });
  const reply: unknown = await run(handlerCallOf(call));
  if (typeof reply === 'object' && reply !== null && 'result' in reply) return reply as HandlerReply;
  throw new NodeError(executionError(siteOf(call), 'INVALID_RESULT', 'The worker did not answer as a handler does'));
}

async function admit(call: FunctionCall): Promise<FunctionAdmission> {
  const { admitFunction } = desk({ ...RECORDING_RETRY, maximumAttempts: ADMISSION_ATTEMPTS });
  try {
    return await locally(() => admitFunction(call));
  } catch (error) {
    const refused = handlerError(error, siteOf(call), 1);
    // The attempts at the journal are none of the handler's.
    throw refused instanceof NodeError ? new NodeError({ ...refused.error, attempts: 1 }) : refused;
  }
}

const settle = (settlement: FunctionSettlement): ReturnType<Desk['settleFunction']> =>
  locally(() => desk(RECORDING_RETRY).settleFunction(settlement));

const desk = (retry: RetryPolicy): Desk =>
  proxyLocalActivities<Desk>({ startToCloseTimeout: '30s', retry, localRetryThreshold: '2s' });

const siteOf = ({ node, visit }: FunctionCall): { node: string; visit: number } => ({ node, visit });

function errorOf(error: unknown, call: FunctionCall): NodeError['error'] {
  if (error instanceof NodeError) return error.error;
  if (isCancellation(error)) return executionError(siteOf(call), 'CANCELLED', 'The visit was cancelled');
  return executionError(siteOf(call), 'INTERNAL_ERROR', 'An internal error');
}
