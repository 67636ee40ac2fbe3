import type { ExecutionError } from '@aumos/agf-domain/runtime';
import type { ExecutionStart } from '../../common/index.js';
import { executionError } from '../plan/failure.js';

/** The error of the visit whose child failed; the child's own is its `cause`, and so counts against the child alone. */
export function childFailed(
  { execution_id, workflow_name, ancestors }: Pick<ExecutionStart, 'execution_id' | 'workflow_name' | 'ancestors'>,
  cause: ExecutionError,
): ExecutionError {
  const site = ancestors?.at(-1) ?? { node: null, visit: null };
  const message = `${workflow_name} failed: ${cause.message}`;
  return executionError(site, 'CHILD_FAILED', message, { cause: { ...cause }, child_execution_id: execution_id });
}
