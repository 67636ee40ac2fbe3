import {
  type ApprovalTally,
  DECIDED_STATUS,
  type Decision,
  decideApproval as decided,
  type Json,
  type MayDecide,
  type MayNotDecide,
  samePerson,
} from '@aumos/agf-domain';
import type { EntityManager } from 'typeorm';
import { ApprovalDecisionEntity, ApprovalEntity, type DecisionSource } from '../entities/index.js';
import { findAll, getOne, lockOne } from './find.js';
import { change, insertOnce } from './write.js';

export interface NewDecision {
  approval_id: string;
  /** the decider's sub */
  actor: string;
  decision: Decision;
  notes?: string | null;
  /** of an edit: the arguments; of a response: the result */
  given?: Json;
  /** from where it comes */
  source?: DecisionSource | null;
  /** Whether the actor may, of the approval as it is under its lock: its stage may have gone on since it was read. */
  may?: (row: ApprovalEntity) => MayDecide;
}
type EndStatus = (typeof DECIDED_STATUS)[Decision];
export type Decided =
  /** this call decided it */
  | { kind: 'decided'; status: EndStatus; approval: ApprovalEntity; rule: string | null }
  /** counted; more approvers are needed */
  | {
      kind: 'recorded';
      approvals: number;
      required: number;
      rule: string | null;
      stage: number;
      reached: number | null;
    }
  | { kind: 'not_pending' }
  | { kind: 'duplicate_actor' }
  /** who asked may not decide */
  | { kind: 'requester' }
  /** nor may who wrote what is to be decided */
  | { kind: 'editor' }
  /** by what the caller says of the row as it is */
  | { kind: 'not_theirs'; reason: MayNotDecide }
  /** somebody else works on it until then */
  | { kind: 'claimed'; by: string; until: Date }
  /** it is not to be decided so */
  | { kind: 'not_allowed'; allowed: Decision[] }
  | { kind: 'not_found' };

/** After its deadline an approval that rejects itself is over, even if its timer is late; one that escalates stays open. */
const OPEN = `status = 'pending' and (expires_at > clock_timestamp() or not auto_reject_on_timeout)`;
const CLAIMED = `claimed_by is not null and claimed_until > clock_timestamp()`;

/**
 * One decision of one actor. The row's lock puts those who decide at once in an order; the conditional update decides.
 * A rejection, an edit or a response ends it, an approval does when as many different actors have approved as it asks
 * for, in each of its stages.
 */
export async function decideApproval(em: EntityManager, tenantId: string, decision: NewDecision): Promise<Decided> {
  const { approval_id: id, actor, notes = null, given = null, source = null } = decision;
  const row = await lockOne(em, ApprovalEntity, { id });
  if (!row) return { kind: 'not_found' };
  const isPending = row.status === 'pending';
  if (samePerson(row.requested_by, actor) && isPending) return { kind: 'requester' };
  if (row.edited_by.some((editor) => samePerson(editor, actor)) && isPending) return { kind: 'editor' };
  const allowed = row.allowed_decisions;
  if (!allowed.includes(decision.decision) && isPending) return { kind: 'not_allowed', allowed };
  // The lock is kept; the clock that counts is the database's.
  if (!(await holds(em, id, OPEN))) return { kind: 'not_pending' };
  const votes = await findAll(em, ApprovalDecisionEntity, { approval_id: id }, {});
  if (votes.some((vote) => samePerson(vote.actor, actor))) return { kind: 'duplicate_actor' };
  const may = decision.may?.(row);
  if (may?.allowed === false) return { kind: 'not_theirs', reason: may.reason };
  const { claimed_by: by, claimed_until: until } = row;
  if (by !== null && until !== null && !samePerson(by, actor) && (await holds(em, id, CLAIMED)))
    return { kind: 'claimed', by, until };
  const outcome = decided(tallyOf(row, votes), actor, decision.decision);
  if (!outcome.accepted) return { kind: outcome.reason === 'not_pending' ? 'not_pending' : 'duplicate_actor' };
  const rule = may?.rule ?? null;
  const counted = { stage: row.stage, rule, source };
  const vote = { tenant_id: tenantId, approval_id: id, actor, decision: decision.decision, notes, ...counted };
  if (!(await insertOnce(em, ApprovalDecisionEntity, vote))) return { kind: 'duplicate_actor' };
  const { next } = outcome;
  const { status } = next;
  if (status !== 'pending') {
    const kept = status === 'approved' ? null : given;
    return end(em, id, { status: status as EndStatus, actor, notes, given: kept, rule });
  }
  const stage = next.stages?.at ?? row.stage;
  // Who has voted does not work on it any more.
  const voters = [...votes.map((one) => one.actor), actor];
  await change(em, ApprovalEntity, id, { stage, voters, claimed_by: null, claimed_until: null }, `status = 'pending'`);
  const required = requiredOf(row);
  const reached = stage === row.stage ? null : stage;
  return { kind: 'recorded', approvals: next.approved_by.length, required, rule, stage: row.stage, reached };
}

const holds = (em: EntityManager, id: string, condition: string): Promise<boolean> =>
  em.createQueryBuilder(ApprovalEntity, 'a').where(`id = :id and ${condition}`, { id }).getExists();

/** Over all stages, whatever was asked for before them. */
const requiredOf = ({ rule, approvals_required }: Pick<ApprovalEntity, 'rule' | 'approvals_required'>): number =>
  Math.max(approvals_required, rule?.stages.reduce((sum, stage) => sum + stage.approvals_required, 0) ?? 0);

function tallyOf(row: ApprovalEntity, votes: readonly ApprovalDecisionEntity[]): ApprovalTally {
  const approved = votes.filter(({ decision }) => decision === 'approve');
  const tally = {
    status: row.status,
    approvals_required: requiredOf(row),
    approved_by: approved.map((vote) => vote.actor),
  };
  const stages = row.rule?.stages;
  if (!stages?.length) return tally;
  const now = approved.filter(({ stage }) => stage === row.stage).length;
  return {
    ...tally,
    stages: { required: stages.map((one) => one.approvals_required), at: row.stage, approved: now },
  };
}

async function end(
  em: EntityManager,
  id: string,
  given: { status: EndStatus; actor: string; notes: string | null; given: Json; rule: string | null },
): Promise<Decided> {
  const { status, actor, notes, rule } = given;
  const set = {
    ...{ status, decided_by: actor, decided_at: () => 'clock_timestamp()', decision_notes: notes, given: given.given },
    ...{ claimed_by: null, claimed_until: null },
  };
  if (!(await change(em, ApprovalEntity, id, set, `status = 'pending'`))) return { kind: 'not_pending' };
  return { kind: 'decided', status, approval: await getOne(em, ApprovalEntity, { id }), rule };
}
