import { DECIDED_STATUS, type ApprovalStatus, type Decision } from './approval.js';

/** What has been decided of an approval so far. */
export interface ApprovalTally {
  status: ApprovalStatus;
  approvals_required: number;
  /** who approved; each counts once */
  approved_by: readonly string[];
}

export type DecisionOutcome =
  { accepted: true; next: ApprovalTally } | { accepted: false; reason: 'not_pending' | 'already_approved' };

/**
 * One decider's answer. One rejection, edit or response ends it; the last approval that is required approves.
 * Whether the actor may decide at all is {@link mayDecide}'s question.
 */
export function decideApproval(tally: ApprovalTally, actor: string, decision: Decision): DecisionOutcome {
  if (tally.status !== 'pending') return { accepted: false, reason: 'not_pending' };
  if (decision !== 'approve') return { accepted: true, next: { ...tally, status: DECIDED_STATUS[decision] } };
  if (tally.approved_by.includes(actor)) return { accepted: false, reason: 'already_approved' };
  const approved_by = [...tally.approved_by, actor];
  const status = approved_by.length >= tally.approvals_required ? 'approved' : 'pending';
  return { accepted: true, next: { ...tally, approved_by, status } };
}
