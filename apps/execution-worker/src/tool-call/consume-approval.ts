import { effectKey } from '@aumos/agf-domain';
import { ApprovalsRepository, AuditRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import type { Authorization } from './authorize-call.js';
import { DenyCall } from './deny-call.js';
import { actingAgent, type Callee, type GuardedCall } from './guarded-call.js';

/** Takes the approval that a call was given, if it needs one; its retries run under the same. */
@Injectable()
export class ConsumeApproval {
  constructor(
    private readonly db: TenantDb,
    private readonly approvals: ApprovalsRepository,
    private readonly audit: AuditRepository,
    private readonly deny: DenyCall,
  ) {}

  /** @throws CallerError PRIVILEGE_DENIED where there is none, or it is of another call */
  async consume(call: GuardedCall, callee: Callee, authorization: Authorization): Promise<void> {
    if (authorization.kind !== 'approval_needed') return;
    const { approval_id, payload_hash, need } = authorization;
    if (!approval_id || !payload_hash) return this.deny.approval(call, callee, need, null);
    const { tenant_id, execution_id, initiator } = call.ref;
    const effect_key = effectKey(execution_id, call.node, call.visit);
    const consumed = await this.db.run(tenant_id, async () => {
      const answer = await this.approvals.consume({ approval_id, payload_hash, effect_key });
      if (answer === 'consumed')
        await this.audit.append({
          actor_id: initiator,
          action: `${callee.kind}.call`,
          resource_type: 'execution',
          resource_id: execution_id,
          outcome: 'allowed',
          details: {
            [callee.kind]: callee.name,
            node: call.node,
            visit: call.visit,
            level: need,
            approval_id,
            payload_hash,
            ...actingAgent(call),
          },
        });
      return answer;
    });
    if (consumed === 'refused') return this.deny.approval(call, callee, need, approval_id);
  }
}
