import { type Actor, type Claims, type JsonObject, type MayNotDecide } from '@aumos/agf-domain';
import { type ApprovalEntity, ApprovalsRepository, AuditRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { type Judge, JudgeDecider } from './judge-decider.js';
import { notYours } from './refusals.js';

export type ApprovalActor = Actor & { claims?: Claims };

/** What those may do with an approval who may decide it, beside deciding. */
@Injectable()
export class ActOnApproval {
  constructor(
    private readonly db: TenantDb,
    private readonly approvals: ApprovalsRepository,
    private readonly judge: JudgeDecider,
    private readonly audit: AuditRepository,
  ) {}

  /**
   * In one transaction. A reason that `act` gives is a denial: it is audited in a scope of its own.
   * @throws ApiError NOT_FOUND, FORBIDDEN, and what `act` throws
   */
  async run<T extends object>(
    actor: ApprovalActor,
    id: string,
    action: 'approval.delegate' | 'approval.claim',
    act: (may: Judge) => Promise<T | MayNotDecide>,
  ): Promise<T> {
    const { found, done } = await this.db.run(actor.tenant_id, async () => {
      const row = await this.approvals.get(id);
      if (!row) throw notFound();
      return { found: row, done: await act(await this.judge.of(actor, row)) };
    });
    if (typeof done !== 'string') return done;
    await this.db.run(actor.tenant_id, () => this.note(actor, found, action, 'denied', { reason: done }));
    throw notYours(done);
  }

  async note(
    { sub }: Actor,
    { id, execution_id }: ApprovalEntity,
    action: string,
    outcome: 'allowed' | 'denied',
    details: JsonObject,
  ): Promise<void> {
    const of = { resource_type: 'approval', resource_id: id, outcome };
    await this.audit.append({ actor_id: sub, action, ...of, details: { execution_id, ...details } });
  }
}
