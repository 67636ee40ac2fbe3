import { isCancellation, proxyActivities, proxyLocalActivities, type RetryPolicy } from '@temporalio/workflow';
import { effectKey, type AgentExecutor, type AgentNode } from '@aumos/agf-domain/runtime';
import {
  RECORDING_RETRY,
  WORKER_WAIT_SECONDS,
  type ExecutionActivities,
  type ExecutorCall,
  type ExecutorReply,
  type ModelCall,
  type ModelOutcome,
  type TurnAdmission,
  type TurnSettlement,
} from '../../common/index.js';
import { executionError } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';
import { turnSchedule } from '../run/call-policy.js';
import { executorActivityOptions } from './activity-options.js';
import type { FunctionSettings } from './call-function.js';
import { handlerError } from './handler-error.js';
import { locally } from './locally.js';

type Desk = Pick<ExecutionActivities, 'admitTurn' | 'settleTurn'>;
type Admitted = Extract<TurnAdmission, { kind: 'admitted' }>;
/** The member's name is the activity's: {@link AGENT_TURN_ACTIVITY}. */
interface Executors {
  runAgentTurn(call: ExecutorCall): Promise<ExecutorReply>;
}

/** About two minutes: an admission is no work that would be lost. */
const ADMISSION_ATTEMPTS = 10;

/** One turn of a team's executor, on its worker's queue. @throws NodeError, a cancellation */
export async function callExecutor(
  call: ModelCall,
  node: AgentNode,
  executor: AgentExecutor,
  settings: FunctionSettings,
): Promise<ModelOutcome> {
  const admission = await admit(call);
  if (admission.kind !== 'admitted') return admission;
  const { ended: _ended, steps: _steps, ...settled } = call;
  const begun = { call: settled, permit: admission.permit, started_at: new Date().toISOString() };
  let reply: ExecutorReply;
  try {
    reply = await run(call, node, executor, settings, admission);
  } catch (thrown) {
    const error = handlerError(thrown, call.of, turnSchedule(node).maxAttempts);
    await settle({ ...begun, outcome: { kind: 'failed', error: errorOf(error, call) } });
    throw error;
  }
  const journalled = await settle({ ...begun, outcome: { kind: 'completed', reply } });
  if (journalled?.kind === 'completed') return journalled;
  const { code, message, details } = journalled?.error ?? {
    code: 'INTERNAL_ERROR',
    message: 'An internal error',
    details: {},
  };
  throw new NodeError(executionError(call.of, code, message, details));
}

async function run(
  call: ModelCall,
  node: AgentNode,
  executor: AgentExecutor,
  { worker_wait_seconds = WORKER_WAIT_SECONDS }: FunctionSettings,
  { messages, tools, limits }: Admitted,
): Promise<ExecutorReply> {
  const { runAgentTurn } = proxyActivities<Executors>({
    ...executorActivityOptions(node),
    taskQueue: executor.task_queue,
    scheduleToStartTimeout: worker_wait_seconds * 1000,
  });
  const reply: unknown = await runAgentTurn(executorCall(call, executor, { messages, tools, limits }));
  if (typeof reply === 'object' && reply !== null && 'step' in reply) return reply as ExecutorReply;
  throw new NodeError(executionError(call.of, 'INVALID_RESULT', 'The worker did not answer as an executor does'));
}

function executorCall(
  { ref, of, node, visit, item, agent, prompt, response_schema }: ModelCall,
  { name }: AgentExecutor,
  said: Pick<ExecutorCall, 'messages' | 'tools' | 'limits'>,
): ExecutorCall {
  const { id, name: called, version, instructions, privilege_level } = agent;
  return {
    inline: true,
    executor: name,
    tenant_id: ref.tenant_id,
    execution_id: ref.execution_id,
    workflow: { id: ref.workflow_id, name: ref.workflow_name, version: ref.version },
    ...of,
    item,
    turn: visit,
    effect_key: effectKey(ref.execution_id, node, visit),
    agent: { id, name: called, version, instructions, privilege_level },
    prompt,
    ...said,
    ...(response_schema === undefined ? {} : { response_schema }),
    ...(ref.traceparent === undefined ? {} : { traceparent: ref.traceparent }),
  };
}

async function admit(call: ModelCall): Promise<TurnAdmission> {
  try {
    return await locally(() => desk({ ...RECORDING_RETRY, maximumAttempts: ADMISSION_ATTEMPTS }).admitTurn(call));
  } catch (error) {
    const refused = handlerError(error, call.of, 1);
    // The attempts at the journal are none of the executor's.
    throw refused instanceof NodeError ? new NodeError({ ...refused.error, attempts: 1 }) : refused;
  }
}

const settle = (settlement: TurnSettlement): ReturnType<Desk['settleTurn']> =>
  locally(() => desk(RECORDING_RETRY).settleTurn(settlement));

const desk = (retry: RetryPolicy): Desk =>
  proxyLocalActivities<Desk>({ startToCloseTimeout: '30s', retry, localRetryThreshold: '2s' });

function errorOf(error: unknown, { of }: ModelCall): NodeError['error'] {
  if (error instanceof NodeError) return error.error;
  if (isCancellation(error)) return executionError(of, 'CANCELLED', 'The turn was cancelled');
  return executionError(of, 'INTERNAL_ERROR', 'An internal error');
}
