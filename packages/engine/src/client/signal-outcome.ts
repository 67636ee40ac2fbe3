import type { Client } from '@temporalio/client';
import { executionWorkflowId } from '@aumos/agf-domain';
import { SIGNAL_APPROVAL_CLOSED, type ApprovalClosed, type ApprovalOutcome } from '../common/index.js';
import { isGone, withinDeadline } from './deadline.js';

/**
 * Tells the execution itself what was decided, so that it goes on before the approval's workflow has looked: that tells
 * it once more. May be repeated; an execution that is gone needs no answer.
 */
export async function signalOutcome(
  client: Client,
  { tenant_id, execution_id, outcome }: { tenant_id: string; execution_id: string; outcome: ApprovalOutcome },
): Promise<void> {
  const closed: ApprovalClosed = { approval_id: outcome.approval_id, outcome };
  try {
    await withinDeadline(client, () =>
      client.workflow.getHandle(executionWorkflowId(tenant_id, execution_id)).signal(SIGNAL_APPROVAL_CLOSED, closed),
    );
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
