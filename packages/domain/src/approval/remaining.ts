import { levelToDecide, type ToDecide } from '../privilege/may-decide.js';
import { atLeast } from './deciders-of-stages.js';
import type { FulfillableAsked } from './fulfillable.js';

/** A pending approval, and who has approved in which of its stages. */
export interface PartlyDecided extends ToDecide {
  /** over all stages, at least */
  approvals_required: number;
  votes: readonly { actor: string; stage: number }[];
}

/**
 * What a pending approval still asks for, as {@link fulfillable} judges it: its stages from the one that is asked now on,
 * less the votes in it. Who has voted decides nothing more; who may decide since it was escalated does in every stage
 * that names approvers. Its number is in `approvals_required` already: the level asks for no more on top.
 */
export function remaining(approval: PartlyDecided): FulfillableAsked {
  const { rule, stage: at = 0, approvals_required, votes, extra_approvers = [], delegations = [] } = approval;
  const named = rule?.stages.length ? rule.stages : [{ name: 'approval', approvers: [], approvals_required }];
  const stages = atLeast(named, approvals_required).slice(at);
  const [now, ...later] = stages;
  const voted = votes.filter(({ stage }) => stage === at).length;
  const left = now ? [{ ...now, approvals_required: Math.max(0, now.approvals_required - voted) }, ...later] : [];
  return {
    rule: {
      stages: left.map((one) =>
        one.approvers.length === 0 ? one : { ...one, approvers: [...one.approvers, ...extra_approvers] },
      ),
      ...{ separation_of_duties: [], standing_allowed: false, policies: [] },
    },
    privilege_level: levelToDecide(approval.privilege_level),
    excluded: [
      approval.requested_by,
      ...(approval.edited_by ?? []),
      ...(approval.excluded ?? []),
      ...votes.map(({ actor }) => actor),
    ],
    left: delegations.filter(({ stage = 0 }) => stage === at),
  };
}
