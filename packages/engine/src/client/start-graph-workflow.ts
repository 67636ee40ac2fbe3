import type { Client } from '@temporalio/client';
import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/common';
import { TASK_QUEUES, executionWorkflowId } from '@aumos/agf-domain';
import { GRAPH_WORKFLOW, WORKFLOW_TASK_TIMEOUT, type ExecutionStart } from '../common/index.js';
import { withinDeadline } from './deadline.js';

export interface StartOptions {
  /** default `agf-executions` */
  taskQueue?: string;
  /**
   * The first workflow task comes back with the answer (about 10 ms saved). Only for a client whose connection is the
   * very NativeConnection that this process' execution worker uses.
   */
  eager?: boolean;
}

/** `running`: started by this call or by an earlier one. `ended`: it ran before; nothing was started. */
export type StartResult =
  { status: 'running'; workflow_id: string; run_id: string; eager: boolean } | { status: 'ended'; workflow_id: string };

/**
 * Starts the graph workflow of an execution, once: a repeated call finds the running one, or learns that it ended.
 * @throws gRPC errors (unavailable, deadline): the call may have had its effect, and may be repeated.
 */
export async function startGraphWorkflow(
  client: Client,
  start: ExecutionStart,
  { taskQueue = TASK_QUEUES.executions, eager = false }: StartOptions = {},
): Promise<StartResult> {
  const workflowId = executionWorkflowId(start.tenant_id, start.execution_id);
  try {
    const handle = await withinDeadline(client, () =>
      client.workflow.start(GRAPH_WORKFLOW, {
        workflowId,
        taskQueue,
        args: [start],
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
        staticSummary: `${start.workflow_name} version ${String(start.version)}`,
        requestEagerStart: eager,
      }),
    );
    return {
      status: 'running',
      workflow_id: workflowId,
      run_id: handle.firstExecutionRunId,
      eager: handle.eagerlyStarted,
    };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return { status: 'ended', workflow_id: workflowId };
    throw error;
  }
}
