import type { Client } from '@temporalio/client';
import { executionWorkflowId } from '@aumos/agf-domain';
import { isGone, withinDeadline } from './deadline.js';

/**
 * Asks the execution to end: its calls are cancelled, its open approvals closed, then its outcome `cancelled` is recorded.
 * May be repeated.
 * @returns false when there is no such workflow: it was never started, or is forgotten. One that ended takes no notice.
 */
export async function cancelExecution(client: Client, tenantId: string, executionId: string): Promise<boolean> {
  try {
    await withinDeadline(client, () => client.workflow.getHandle(executionWorkflowId(tenantId, executionId)).cancel());
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}
