import { proxyActivities } from '@temporalio/workflow';
import type { AgentNode } from '@aumos/agf-domain/runtime';
import { MODEL_TIMEOUT, type ExecutionActivities, type ModelCall, type ModelOutcome } from '../../common/index.js';
import { NodeError } from '../plan/node-error.js';
import { turnSchedule } from '../run/call-policy.js';
import { activityError } from './activity-error.js';
import { modelActivityOptions } from './activity-options.js';

type Models = Pick<ExecutionActivities, 'callModel'>;

/** One turn of an agent's model. Asking again changes nothing but the bill: an attempt that was lost is repeated. */
export async function callModel(call: ModelCall, node: AgentNode): Promise<ModelOutcome> {
  try {
    return await proxyActivities<Models>(modelActivityOptions(node)).callModel(call);
  } catch (error) {
    const { maxAttempts } = turnSchedule(node);
    const known = activityError(error, call.of, { idempotent: true, maxAttempts });
    if (!(known instanceof NodeError) || known.error.code !== 'TOOL_TIMEOUT') throw known;
    throw new NodeError({ ...known.error, code: MODEL_TIMEOUT, message: 'The model did not answer in time' });
  }
}
