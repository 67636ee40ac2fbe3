import { type ApprovalRule, type ApprovalTimes } from '@aumos/agf-domain';
import type { EntityManager } from 'typeorm';
import { ApprovalEntity } from '../entities/index.js';
import { lockOne } from './find.js';
import { change, type Values } from './write.js';

const ONCE = `status = 'pending' and escalated_at is null`;

/**
 * Pending still, but not as it was: others may decide besides, or more must. Once. @param times absent: it is only marked
 * @returns whether this call did it
 */
export async function escalateApproval(em: EntityManager, id: string, times?: ApprovalTimes): Promise<boolean> {
  // Its lock: nobody decides by the old rule meanwhile.
  const row = await lockOne(em, ApprovalEntity, { id });
  if (row?.status !== 'pending' || row.escalated_at !== null) return false;
  const set: Values<ApprovalEntity> = { escalated_at: () => 'clock_timestamp()', ...changeOf(row, times) };
  return change(em, ApprovalEntity, id, set, ONCE);
}

function changeOf(row: ApprovalEntity, times: ApprovalTimes | undefined): Values<ApprovalEntity> {
  switch (times?.escalation_policy) {
    case 'reassign':
      return { extra_approvers: [...new Set([...row.extra_approvers, ...(times.escalate_to ?? [])])] };
    case 'raise':
      return raised(row, times.escalated_approvals_required ?? 0);
    case 'notify_admin':
    case undefined:
      return {};
  }
}

/** Of the stage that is asked now, so many must approve: never fewer than before. One alone answers nothing any more. */
function raised(row: ApprovalEntity, wanted: number): Values<ApprovalEntity> {
  const stage = row.rule?.stages[row.stage];
  const before = stage?.approvals_required ?? row.approvals_required;
  const more = Math.max(0, Math.trunc(wanted) - before);
  const approvals_required = row.approvals_required + more;
  return {
    approvals_required,
    ...(row.rule && more > 0 ? { rule: withStage(row.rule, row.stage, before + more) } : {}),
    ...(approvals_required > 1
      ? { allowed_decisions: row.allowed_decisions.filter((decision) => decision !== 'respond') }
      : {}),
  };
}

const withStage = (rule: ApprovalRule, at: number, approvals_required: number): ApprovalRule => ({
  ...rule,
  stages: rule.stages.map((stage, i) => (i === at ? { ...stage, approvals_required } : stage)),
});
