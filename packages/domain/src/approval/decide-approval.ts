import { samePerson } from '../privilege/same-person.js';
import { DECIDED_STATUS, type ApprovalStatus, type Decision } from './approval.js';

/** What has been decided of an approval so far. */
export interface ApprovalTally {
  status: ApprovalStatus;
  /** over all stages, at least */
  approvals_required: number;
  /** who approved, in any stage; each counts once */
  approved_by: readonly string[];
  /** of a rule: how many each stage asks for, and how many have approved in the one that is asked now */
  stages?: { required: readonly number[]; at: number; approved: number };
}

export type DecisionOutcome =
  { accepted: true; next: ApprovalTally } | { accepted: false; reason: 'not_pending' | 'already_approved' };

/**
 * One decider's answer. One rejection, edit or response ends it; the last approval that is required approves. Of several
 * stages the next one is asked once the one before has what it asks for; nobody counts in two.
 * Whether the actor may decide at all is {@link mayDecide}'s question.
 */
export function decideApproval(tally: ApprovalTally, actor: string, decision: Decision): DecisionOutcome {
  if (tally.status !== 'pending') return { accepted: false, reason: 'not_pending' };
  if (decision !== 'approve') return { accepted: true, next: { ...tally, status: DECIDED_STATUS[decision] } };
  if (tally.approved_by.some((one) => samePerson(one, actor))) return { accepted: false, reason: 'already_approved' };
  const next = { ...tally, approved_by: [...tally.approved_by, actor] };
  if (tally.stages) {
    const { required, at, approved } = tally.stages;
    const hasAll = approved + 1 >= (required[at] ?? 1);
    if (hasAll && at < required.length - 1)
      return { accepted: true, next: { ...next, stages: { required, at: at + 1, approved: 0 } } };
    next.stages = { required, at, approved: approved + 1 };
    if (!hasAll) return { accepted: true, next };
  }
  const status = next.approved_by.length >= tally.approvals_required ? 'approved' : 'pending';
  return { accepted: true, next: { ...next, status } };
}
