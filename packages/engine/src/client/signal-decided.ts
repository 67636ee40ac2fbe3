import type { Client } from '@temporalio/client';
import { approvalWorkflowId } from '@aumos/agf-domain';
import { SIGNAL_DECIDED } from '../common/index.js';
import { isGone, withinDeadline } from './deadline.js';

/**
 * Tells the approval's workflow to look at the database now. May be repeated.
 * @returns false when there is no such workflow any more: nobody waits for the decision.
 */
export async function signalDecided(client: Client, tenantId: string, approvalId: string): Promise<boolean> {
  try {
    await withinDeadline(client, () =>
      client.workflow.getHandle(approvalWorkflowId(tenantId, approvalId)).signal(SIGNAL_DECIDED),
    );
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}
