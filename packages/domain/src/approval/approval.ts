export const APPROVAL_STATUSES = [
  'pending',
  'approved',
  'rejected',
  'edited',
  'answered',
  'expired',
  'cancelled',
  'consumed',
] as const;
/** pending → approved | rejected | edited | answered | expired | cancelled; approved → consumed */
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];
/**
 * `edit`: other arguments are asked for instead, under an approval of their own. `respond`: the decider's result stands in
 * place of the call, which is never made.
 */
export const DECISIONS = ['approve', 'reject', 'edit', 'respond'] as const;
export type Decision = (typeof DECISIONS)[number];
/** What a decision makes of an approval that needs no more of them. */
export const DECIDED_STATUS = {
  approve: 'approved',
  reject: 'rejected',
  edit: 'edited',
  respond: 'answered',
} as const satisfies Record<Decision, ApprovalStatus>;

const NEXT: Record<ApprovalStatus, readonly ApprovalStatus[]> = {
  pending: ['approved', 'rejected', 'edited', 'answered', 'expired', 'cancelled'],
  approved: ['consumed'],
  rejected: [],
  edited: [],
  answered: [],
  expired: [],
  cancelled: [],
  consumed: [],
};
export const canApprovalBecome = (from: ApprovalStatus, to: ApprovalStatus): boolean => NEXT[from].includes(to);

/** Bytes of JSON that a result in place of a call may have: the journal keeps so much of what no tool wrote. */
export const ANSWER_BYTES = 64 * 1024;
