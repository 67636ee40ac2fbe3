import type { PrivilegeLevel } from '../privilege/privilege-level.js';
import type { ApprovalStage } from './approval-rule.js';

/** From here on two different people decide. */
const TWO_DECIDERS_FROM: PrivilegeLevel = 5;

/** Different deciders over all stages. */
export const decidersOf = ({ stages }: { stages: readonly ApprovalStage[] }): number =>
  stages.reduce((sum, { approvals_required }) => sum + approvals_required, 0);

/** So many over all stages: the last one asks for those that lack. */
export function atLeast(stages: readonly ApprovalStage[], deciders: number): ApprovalStage[] {
  const missing = Math.max(0, deciders - decidersOf({ stages }));
  return stages.map((stage, at) =>
    at === stages.length - 1 ? { ...stage, approvals_required: stage.approvals_required + missing } : stage,
  );
}

/** As many as the level asks for, whatever the stages do. */
export const atLevel = (stages: readonly ApprovalStage[], need: PrivilegeLevel): ApprovalStage[] =>
  need >= TWO_DECIDERS_FROM ? atLeast(stages, 2) : [...stages];
