import type { ExecutionError } from '@aumos/agf-domain';
import { type ChildCall, childError, type ChildOpening } from '@aumos/agf-engine/common';
import type { ExecutionEntity } from '@aumos/agf-persistence';

const UNKNOWN: ExecutionError = {
  code: 'INTERNAL_ERROR',
  message: 'The workflow ended without its outcome',
  node: null,
  visit: null,
  attempts: 1,
  details: {},
};

/** What a visit whose child has run before comes to. Its compensations were its workflow's to hand over: they are gone. */
export function endOfChild(call: ChildCall, child: ExecutionEntity): ChildOpening {
  if (child.status === 'completed') return { kind: 'ended', result: { output: child.output_data, compensations: [] } };
  const cause = child.error_details ?? UNKNOWN;
  const details = { cause: { ...cause }, child_execution_id: child.id };
  return {
    kind: 'failed',
    error: childError(call, 'CHILD_FAILED', `${call.workflow} failed: ${cause.message}`, details),
  };
}
