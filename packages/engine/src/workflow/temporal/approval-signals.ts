import {
  CancellationScope,
  CancelledFailure,
  condition,
  defineSignal,
  getExternalWorkflowHandle,
  isCancellation,
  setHandler,
} from '@temporalio/workflow';
import { approvalWorkflowId } from '@aumos/agf-domain/runtime';
import {
  SIGNAL_APPROVAL_CLOSED,
  SIGNAL_APPROVAL_OPENED,
  type ApprovalClosed,
  type ApprovalOutcome,
  type ApprovalStart,
} from '../../common/index.js';

/** What approvals have told their execution. */
export interface ApprovalSignals {
  /** people can see them */
  opened: Set<string>;
  /** that were opened by an earlier run */
  closed: Map<string, ApprovalOutcome | null>;
  /** that wait; calling one asks it to tell its end by signal */
  open: Map<string, () => Promise<void>>;
}

export function listenToApprovals(opened: readonly string[]): ApprovalSignals {
  const approvals: ApprovalSignals = { opened: new Set(opened), closed: new Map(), open: new Map() };
  setHandler(defineSignal<[string]>(SIGNAL_APPROVAL_OPENED), (approvalId) => {
    approvals.opened.add(approvalId);
  });
  setHandler(defineSignal<[ApprovalClosed]>(SIGNAL_APPROVAL_CLOSED), ({ approval_id, outcome }) => {
    approvals.closed.set(approval_id, outcome);
  });
  return approvals;
}

/** The end of an approval that an earlier run opened. @throws a cancellation, once the approval is closed */
export async function closedBySignal(
  approvals: ApprovalSignals,
  { tenant_id, approval_id }: ApprovalStart,
): Promise<ApprovalOutcome> {
  try {
    return await outcomeTold(approvals, approval_id);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(async () => {
      const approval = getExternalWorkflowHandle(approvalWorkflowId(tenant_id, approval_id));
      // Gone already: its signal is on its way, or here.
      await approval.cancel().catch(() => undefined);
      await condition(() => approvals.closed.has(approval_id));
    });
    throw error;
  }
}

/** @throws a cancellation, also when somebody closed the approval */
export async function outcomeTold({ closed }: ApprovalSignals, approvalId: string): Promise<ApprovalOutcome> {
  await condition(() => closed.has(approvalId));
  const outcome = closed.get(approvalId);
  if (!outcome) throw new CancelledFailure('The approval was closed');
  return outcome;
}
