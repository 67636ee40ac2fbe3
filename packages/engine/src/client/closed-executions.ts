import type { Client } from '@temporalio/client';
import { executionWorkflowId } from '@aumos/agf-domain';
import { GRAPH_WORKFLOW } from '../common/index.js';
import { isGone, withinDeadline } from './deadline.js';

export interface ClosedExecution {
  tenant_id: string;
  execution_id: string;
}

const CLOSED: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT']);
const UUID = '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}';
const WORKFLOW_ID = new RegExp(`^(${UUID})/(${UUID})$`);

/** Whether nothing of the execution goes on: its workflow ended, however, was never started, or is forgotten. */
export async function isExecutionClosed(client: Client, tenantId: string, executionId: string): Promise<boolean> {
  try {
    const handle = client.workflow.getHandle(executionWorkflowId(tenantId, executionId));
    return CLOSED.has((await withinDeadline(client, () => handle.describe())).status.name);
  } catch (error) {
    if (isGone(error)) return true;
    throw error;
  }
}

/**
 * Executions whose workflow somebody or something else than itself has ended since `since`, the latest first: they may
 * have recorded no outcome.
 */
export async function brokenOffExecutions(client: Client, since: Date, limit = 200): Promise<ClosedExecution[]> {
  const query = `WorkflowType = '${GRAPH_WORKFLOW}' AND ExecutionStatus IN ('Terminated', 'TimedOut') AND CloseTime > '${since.toISOString()}'`;
  return withinDeadline(client, async () => {
    const found: ClosedExecution[] = [];
    for await (const { workflowId } of client.workflow.list({ query, pageSize: limit })) {
      const [, tenant_id, execution_id] = WORKFLOW_ID.exec(workflowId) ?? [];
      if (tenant_id && execution_id) found.push({ tenant_id, execution_id });
      if (found.length >= limit) break;
    }
    return found;
  });
}
