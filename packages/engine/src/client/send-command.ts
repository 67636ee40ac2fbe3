import type { Client } from '@temporalio/client';
import { executionWorkflowId, type Json } from '@aumos/agf-domain';
import { SIGNAL_PAUSE, SIGNAL_RESUME, SIGNAL_SIGNAL } from '../common/index.js';
import { isGone, withinDeadline } from './deadline.js';

/** `id`: delivered again, it is the same command. */
export type ExecutionCommand =
  { kind: 'pause' | 'resume'; id: string } | { kind: 'signal'; id: string; name: string; payload: Json };

/**
 * Tells a running execution to pause, to go on, or of a signal. May be repeated.
 * @returns false when there is no such workflow: it has ended, was never started, or is forgotten
 */
export async function sendCommand(
  client: Client,
  tenantId: string,
  executionId: string,
  command: ExecutionCommand,
): Promise<boolean> {
  const handle = client.workflow.getHandle(executionWorkflowId(tenantId, executionId));
  try {
    await withinDeadline(client, () => {
      if (command.kind !== 'signal')
        return handle.signal(command.kind === 'pause' ? SIGNAL_PAUSE : SIGNAL_RESUME, { id: command.id });
      const { id, name, payload } = command;
      return handle.signal(SIGNAL_SIGNAL, { id, name, payload });
    });
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}
