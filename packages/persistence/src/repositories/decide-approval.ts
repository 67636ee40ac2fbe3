import { DECIDED_STATUS, type Decision, type Json, samePerson } from '@aumos/agf-domain';
import type { EntityManager } from 'typeorm';
import { ApprovalDecisionEntity, ApprovalEntity, type DecisionSource } from '../entities/index.js';
import { findAll, getOne, lockOne } from './find.js';
import { approvalsWith } from './votes.js';
import { change, insertOnce } from './write.js';

export interface NewDecision {
  approval_id: string;
  /** the decider's sub */
  actor: string;
  decision: Decision;
  notes?: string | null;
  /** of an edit: the arguments; of a response: the result */
  given?: Json;
  /** from where it came */
  source?: DecisionSource | null;
}
type EndStatus = (typeof DECIDED_STATUS)[Decision];
export type Decided =
  /** this call decided it */
  | { kind: 'decided'; status: EndStatus; approval: ApprovalEntity }
  /** counted; more approvers are needed */
  | { kind: 'recorded'; approvals: number; required: number }
  | { kind: 'not_pending' }
  | { kind: 'duplicate_actor' }
  /** who asked may not decide */
  | { kind: 'requester' }
  /** nor may who wrote what is to be decided */
  | { kind: 'editor' }
  /** it is not to be decided so */
  | { kind: 'not_allowed'; allowed: Decision[] }
  | { kind: 'not_found' };

/** After its deadline an approval that rejects itself is over, even if its timer is late; one that escalates stays open. */
const OPEN = `status = 'pending' and (expires_at > clock_timestamp() or not auto_reject_on_timeout)`;

/**
 * One decision of one actor. The row's lock puts those who decide at once in an order; the conditional update decides.
 * A rejection, an edit or a response ends it, an approval does when `approvals_required` different actors have approved.
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
  const open = await em.createQueryBuilder(ApprovalEntity, 'a').where(`id = :id and ${OPEN}`, { id }).getExists();
  if (!open) return { kind: 'not_pending' };
  const votes = await findAll(em, ApprovalDecisionEntity, { approval_id: id }, {});
  if (votes.some((vote) => samePerson(vote.actor, actor))) return { kind: 'duplicate_actor' };
  const vote = { tenant_id: tenantId, approval_id: id, actor, decision: decision.decision, notes, source };
  if (!(await insertOnce(em, ApprovalDecisionEntity, vote))) return { kind: 'duplicate_actor' };
  if (decision.decision !== 'approve')
    return end(em, id, { status: DECIDED_STATUS[decision.decision], actor, notes, given });
  const approvals = approvalsWith(votes);
  const required = row.approvals_required;
  return approvals < required
    ? { kind: 'recorded', approvals, required }
    : end(em, id, { status: 'approved', actor, notes, given: null });
}

async function end(
  em: EntityManager,
  id: string,
  { status, actor, notes, given }: { status: EndStatus; actor: string; notes: string | null; given: Json },
): Promise<Decided> {
  const set = { status, decided_by: actor, decided_at: () => 'clock_timestamp()', decision_notes: notes, given };
  if (!(await change(em, ApprovalEntity, id, set, `status = 'pending'`))) return { kind: 'not_pending' };
  return { kind: 'decided', status, approval: await getOne(em, ApprovalEntity, { id }) };
}
