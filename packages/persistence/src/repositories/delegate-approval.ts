import { type MayDecide, type MayNotDecide, samePerson } from '@aumos/agf-domain';
import type { EntityManager } from 'typeorm';
import { ApprovalDecisionEntity, ApprovalEntity, type Delegation } from '../entities/index.js';
import { findAll, getOne, lockOne } from './find.js';
import { change } from './write.js';

export interface NewDelegation {
  approval_id: string;
  from: string;
  /** who decides in their place; themselves: they take it back */
  to: string;
  notes?: string | null;
  /** whether `from` might decide the approval, as it is under its lock, had they left it to nobody */
  may: (row: ApprovalEntity) => MayDecide;
}
export type Delegated =
  /** `delegation`: null where it was taken back */
  | { kind: 'delegated'; approval: ApprovalEntity; delegation: Delegation | null }
  | { kind: 'not_pending' }
  | { kind: 'not_theirs'; reason: MayNotDecide }
  /** it was left to them: they leave it to nobody else */
  | { kind: 'not_on' }
  | { kind: 'duplicate_actor' }
  /** who asked, edited, is kept out or has decided cannot decide in anybody's place */
  | { kind: 'cannot_decide' }
  | { kind: 'not_found' };

/** Leaves the present stage to somebody else; the newest delegation of a person counts. */
export async function delegateApproval(em: EntityManager, delegation: NewDelegation): Promise<Delegated> {
  const { approval_id: id, from, to, notes = null } = delegation;
  const row = await lockOne(em, ApprovalEntity, { id });
  if (!row) return { kind: 'not_found' };
  if (row.status !== 'pending') return { kind: 'not_pending' };
  const others = row.delegations.filter((one) => one.stage !== row.stage || !samePerson(one.from, from));
  const may = delegation.may({ ...row, delegations: others });
  if (!may.allowed) return { kind: 'not_theirs', reason: may.reason };
  if (may.rule.startsWith('delegated:')) return { kind: 'not_on' };
  const voters = (await findAll(em, ApprovalDecisionEntity, { approval_id: id }, {})).map(({ actor }) => actor);
  const isOneOf = (subs: readonly string[], sub: string): boolean => subs.some((one) => samePerson(one, sub));
  if (isOneOf(voters, from)) return { kind: 'duplicate_actor' };
  if (isOneOf([row.requested_by, ...row.edited_by, ...row.excluded, ...voters], to)) return { kind: 'cannot_decide' };
  const at = new Date().toISOString();
  const made = samePerson(from, to) ? null : { from, to, at, notes, stage: row.stage };
  // Who leaves it to another does not work on it any more.
  const mine = row.claimed_by !== null && samePerson(row.claimed_by, from);
  await change(em, ApprovalEntity, id, {
    delegations: [...others, ...(made ? [made] : [])],
    ...(mine && made ? { claimed_by: null, claimed_until: null } : {}),
  });
  return { kind: 'delegated', approval: await getOne(em, ApprovalEntity, { id }), delegation: made };
}
