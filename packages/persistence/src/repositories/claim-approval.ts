import { type MayDecide, type MayNotDecide, samePerson } from '@aumos/agf-domain';
import type { EntityManager } from 'typeorm';
import { ApprovalDecisionEntity, ApprovalEntity } from '../entities/index.js';
import { findAll, getOne, lockOne } from './find.js';
import { change } from './write.js';

export interface NewClaim {
  approval_id: string;
  actor: string;
  /** from now on */
  minutes: number;
  may: (row: ApprovalEntity) => MayDecide;
}
export type ClaimAnswer =
  | { kind: 'claimed'; approval: ApprovalEntity }
  | { kind: 'not_pending' }
  | { kind: 'not_theirs'; reason: MayNotDecide }
  | { kind: 'duplicate_actor' }
  /** somebody else works on it */
  | { kind: 'taken'; by: string; until: Date }
  | { kind: 'not_found' };
export type Released =
  | { kind: 'released'; approval: ApprovalEntity; was: string }
  | { kind: 'not_claimed' }
  | { kind: 'not_yours'; by: string }
  | { kind: 'not_found' };

const IN_FORCE = 'claimed_by is not null and claimed_until > clock_timestamp()';

/** Says that somebody works on it; who claims their own anew has it from now on. The clock is the database's. */
export async function claimApproval(
  em: EntityManager,
  { approval_id: id, actor, minutes, may }: NewClaim,
): Promise<ClaimAnswer> {
  const row = await lockOne(em, ApprovalEntity, { id });
  if (!row) return { kind: 'not_found' };
  if (row.status !== 'pending') return { kind: 'not_pending' };
  const answer = may(row);
  if (!answer.allowed) return { kind: 'not_theirs', reason: answer.reason };
  const votes = await findAll(em, ApprovalDecisionEntity, { approval_id: id }, {});
  if (votes.some((vote) => samePerson(vote.actor, actor))) return { kind: 'duplicate_actor' };
  const until = () => `clock_timestamp() + make_interval(mins => ${String(Math.trunc(minutes))})`;
  const set = { claimed_by: actor, claimed_until: until };
  const isOwn = row.claimed_by !== null && samePerson(row.claimed_by, actor);
  if (await change(em, ApprovalEntity, id, set, isOwn ? 'true' : `not (${IN_FORCE})`))
    return { kind: 'claimed', approval: await getOne(em, ApprovalEntity, { id }) };
  return { kind: 'taken', by: row.claimed_by!, until: row.claimed_until! };
}

/** @param any whoever claimed it: else the actor's own claim alone */
export async function releaseApproval(
  em: EntityManager,
  { approval_id: id, actor, any }: { approval_id: string; actor: string; any: boolean },
): Promise<Released> {
  const row = await lockOne(em, ApprovalEntity, { id });
  if (!row) return { kind: 'not_found' };
  const was = row.claimed_by;
  if (was === null) return { kind: 'not_claimed' };
  if (!any && !samePerson(was, actor)) return { kind: 'not_yours', by: was };
  const isReleased = await change(em, ApprovalEntity, id, { claimed_by: null, claimed_until: null }, IN_FORCE);
  if (!isReleased) return { kind: 'not_claimed' };
  return { kind: 'released', approval: await getOne(em, ApprovalEntity, { id }), was };
}
