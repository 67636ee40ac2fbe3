import { type ApprovalStatus, type ApprovalTimes } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { ApprovalDecisionEntity, ApprovalEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { inFamily } from './family.sql.js';
import { findAll, findByIds, findOne, findPage, given } from './find.js';
import { type ApprovalResult, type NewApproval, toResult } from './approvals.mapping.js';
import { claimApproval, type ClaimAnswer, type NewClaim, type Released, releaseApproval } from './claim-approval.js';
import { type Decided, decideApproval, type NewDecision } from './decide-approval.js';
import { type Delegated, delegateApproval, type NewDelegation } from './delegate-approval.js';
import { escalateApproval } from './escalate-approval.js';
import { direction, type Page, type PageQuery } from './page.js';
import { whoIsExcluded } from './separated-duties.js';
import { change, insertOnce } from './write.js';

export interface ApprovalsQuery extends PageQuery {
  /** default: every status */
  status?: ApprovalStatus;
  /** with the executions below it */
  execution_id?: string;
  workflow_id?: string;
  gate_name?: string;
  /** those that a standing approval decided */
  standing_id?: string;
  sort_by?: 'created_at' | 'expires_at';
}
export type Consumed = 'consumed' | 'already_consumed_by_this' | 'refused';
const NOW = { decided_at: () => 'clock_timestamp()', taken_at: () => 'clock_timestamp()' };

export interface DecidedApproval {
  execution_id: string;
  outcome: ApprovalResult;
}

/** Approvals and the decisions on them: PostgreSQL is what decides. Every method needs an open tenant scope. */
@Injectable()
export class ApprovalsRepository {
  constructor(private readonly db: TenantDb) {}

  /**
   * False when it was open already: whoever opened it writes the event. Whom the rule's separation of duties keeps out is
   * found now, and stays so.
   */
  async open(approval: NewApproval): Promise<boolean> {
    const { approval_id: id, context_data = {}, expires_at, ...rest } = approval;
    const row = { ...rest, id, context_data, expires_at: new Date(expires_at), tenant_id: this.db.tenantId };
    const duties = rest.rule?.separation_of_duties ?? [];
    const excluded = await whoIsExcluded(this.db.em, rest.execution_id, duties);
    return insertOnce(this.db.em, ApprovalEntity, { ...row, excluded, status: 'pending' });
  }

  async get(id: string): Promise<ApprovalEntity | null> {
    return findOne(this.db.em, ApprovalEntity, { id });
  }

  /** Those of these that there are. */
  async byId(ids: readonly string[]): Promise<Map<string, ApprovalEntity>> {
    return findByIds(this.db.em, ApprovalEntity, ids);
  }

  async list(query: ApprovalsQuery = {}): Promise<Page<ApprovalEntity>> {
    const { status, execution_id, workflow_id, gate_name, standing_id, sort_by = 'created_at' } = query;
    const where = { ...given({ status, workflow_id, gate_name, standing_id }), ...inFamily(execution_id) };
    const order = direction(query);
    return findPage(this.db.em, ApprovalEntity, where, { [sort_by]: order, id: order }, query);
  }

  /** The pending ones of an execution. */
  async openOf(executionId: string): Promise<ApprovalEntity[]> {
    return findAll(this.db.em, ApprovalEntity, { execution_id: executionId, status: 'pending' }, { created_at: 'ASC' });
  }

  /** The votes so far on these approvals, in their order. */
  async decisionsOf(...ids: string[]): Promise<ApprovalDecisionEntity[]> {
    const order = { created_at: 'ASC', id: 'ASC' } as const;
    return this.db.em.find(ApprovalDecisionEntity, { where: { approval_id: In(ids) }, order });
  }

  /** Whether the actor may decide is asked before; that it is not the requester is held here as well. */
  async decide(decision: NewDecision): Promise<Decided> {
    return decideApproval(this.db.em, this.db.tenantId, decision);
  }

  /** Leaves it to somebody else, or takes that back. */
  async delegate(delegation: NewDelegation): Promise<Delegated> {
    return delegateApproval(this.db.em, delegation);
  }

  async claim(claim: NewClaim): Promise<ClaimAnswer> {
    return claimApproval(this.db.em, claim);
  }

  async release(claim: { approval_id: string; actor: string; any: boolean }): Promise<Released> {
    return releaseApproval(this.db.em, claim);
  }

  /** Which standing approval decided it. */
  async decidedByStanding(id: string, standing_id: string): Promise<void> {
    await change(this.db.em, ApprovalEntity, id, { standing_id });
  }

  /** pending → expired. @returns whether this call did it: if not, somebody decided first */
  async expire(id: string): Promise<boolean> {
    return change(
      this.db.em,
      ApprovalEntity,
      id,
      { status: 'expired', decided_by: 'system', ...NOW },
      `status = 'pending'`,
    );
  }

  /** Still pending, but others should look now. False when it was escalated before or is not pending. */
  async escalate(id: string, times?: ApprovalTimes): Promise<boolean> {
    return escalateApproval(this.db.em, id, times);
  }

  /** The next reminder, by its number from 1. False when it was sent before, or it is not pending. */
  async remind(id: string, reminder: number): Promise<boolean> {
    const set = { reminders: reminder, reminded_at: () => 'clock_timestamp()' };
    return change(this.db.em, ApprovalEntity, id, set, `status = 'pending' and reminders < :reminder`, { reminder });
  }

  /** pending → cancelled, because its execution ended. */
  async cancel(id: string): Promise<boolean> {
    return change(
      this.db.em,
      ApprovalEntity,
      id,
      { status: 'cancelled', decided_by: 'system', ...NOW },
      `status = 'pending'`,
    );
  }

  /** What was decided, or null while pending (or unknown). From now on it counts as told. */
  async takeDecision(id: string): Promise<ApprovalResult | null> {
    await change(
      this.db.em,
      ApprovalEntity,
      id,
      { taken_at: () => 'clock_timestamp()' },
      'decided_at is not null and taken_at is null',
    );
    const row = await this.get(id);
    return row && toResult(row, await this.decisionsOf(id));
  }

  /** What was decided, and of which execution; null while pending (or unknown). Nothing counts as told. */
  async decided(id: string): Promise<DecidedApproval | null> {
    const row = await this.get(id);
    return row && this.decidedOf(row);
  }

  /** As {@link decided}, of a row that is known. */
  async decidedOf(row: ApprovalEntity): Promise<DecidedApproval | null> {
    const outcome = toResult(row, await this.decisionsOf(row.id));
    return outcome && { execution_id: row.execution_id, outcome };
  }

  /**
   * approved → consumed, by the one call it was given for. The hash covers tenant, execution, node, visit, gate, tool,
   * arguments, level and deadline. The deadline bounds the decision, not the call: what was approved in time stays
   * approved while the worker is away.
   */
  async consume(call: { approval_id: string; payload_hash: string; effect_key: string }): Promise<Consumed> {
    const { approval_id: id, payload_hash, effect_key } = call;
    const set = { status: 'consumed', consumed_at: () => 'clock_timestamp()', consumed_by: effect_key } as const;
    const condition = `status = 'approved' and payload_hash = :payload_hash`;
    if (await change(this.db.em, ApprovalEntity, id, set, condition, { payload_hash })) return 'consumed';
    const row = await this.get(id);
    const mine = row?.status === 'consumed' && row.consumed_by === effect_key && row.payload_hash === payload_hash;
    return mine ? 'already_consumed_by_this' : 'refused';
  }
}
