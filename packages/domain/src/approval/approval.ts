export const APPROVAL_STATUSES = ['pending', 'approved', 'rejected', 'expired', 'cancelled', 'consumed'] as const;
/** pending → approved | rejected | expired | cancelled; approved → consumed */
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];
export const DECISIONS = ['approve', 'reject'] as const;
export type Decision = (typeof DECISIONS)[number];

const NEXT: Record<ApprovalStatus, readonly ApprovalStatus[]> = {
  pending: ['approved', 'rejected', 'expired', 'cancelled'],
  approved: ['consumed'],
  rejected: [],
  expired: [],
  cancelled: [],
  consumed: [],
};
export const canApprovalBecome = (from: ApprovalStatus, to: ApprovalStatus): boolean => NEXT[from].includes(to);
