/**
 * Approvals that are edited, or answered in place of the call: `given` is the arguments, or the result. Who wrote the
 * arguments by an edit is in `edited_by`, and decides as little as who asked.
 */
export const DECISIONS_BEYOND: readonly string[] = [
  `alter table agf_hitl_approvals
    add column allowed_decisions text[] not null default '{approve,reject}',
    add column input_schema jsonb,
    add column output_schema jsonb,
    add column edited_by text[] not null default '{}',
    add column replaces uuid,
    add column given jsonb`,
  `alter table agf_hitl_approvals drop constraint agf_hitl_approvals_status_check`,
  `alter table agf_hitl_approvals add constraint agf_hitl_approvals_status_check check (status in
    ('pending', 'approved', 'rejected', 'edited', 'answered', 'expired', 'cancelled', 'consumed'))`,
  `alter table agf_hitl_decisions drop constraint agf_hitl_decisions_decision_check`,
  `alter table agf_hitl_decisions add constraint agf_hitl_decisions_decision_check check (decision in
    ('approve', 'reject', 'edit', 'respond'))`,
];
