import {
  AUDITED_FROM,
  canonicalJson,
  effectKey,
  type JsonObject,
  type PrivilegeLevel,
  sha256Hex,
  storableJson,
} from '@aumos/agf-domain';
import { ApprovalsRepository, AuditRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import type { Authorization } from './authorize-call.js';
import { DenyCall } from './deny-call.js';
import { actingAgent, type Callee, type GuardedCall } from './guarded-call.js';

/**
 * Takes the approval that a call was given, if it needs one; its retries run under the same. The audit has what was
 * called by a hash of its arguments, never the arguments.
 */
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
    if (authorization.kind === 'allowed') return this.unasked(call, callee, authorization.need);
    if (authorization.kind !== 'approval_needed') return;
    const { approval_id, payload_hash, need } = authorization;
    if (!approval_id || !payload_hash) return this.deny.approval(call, callee, need, null);
    const { tenant_id, execution_id } = call.ref;
    const effect_key = effectKey(execution_id, call.node, call.visit);
    const consumed = await this.db.run(tenant_id, async () => {
      const answer = await this.approvals.consume({ approval_id, payload_hash, effect_key });
      if (answer === 'consumed') await this.audited(call, callee, { level: need, approval_id, payload_hash });
      return answer;
    });
    if (consumed === 'refused') return this.deny.approval(call, callee, need, approval_id);
  }

  /** Each attempt is a call of its own. */
  private async unasked(call: GuardedCall, callee: Callee, level: PrivilegeLevel): Promise<void> {
    if (level < AUDITED_FROM) return;
    const arguments_hash = sha256Hex(canonicalJson(storableJson(call.arguments)));
    await this.db.run(call.ref.tenant_id, () => this.audited(call, callee, { level, arguments_hash }));
  }

  private async audited(call: GuardedCall, callee: Callee, details: JsonObject): Promise<void> {
    const { ref, node, visit } = call;
    await this.audit.append({
      actor_id: ref.initiator,
      action: `${callee.kind}.call`,
      resource_type: 'execution',
      resource_id: ref.execution_id,
      outcome: 'allowed',
      details: { [callee.kind]: callee.name, node, visit, ...details, ...actingAgent(call) },
    });
  }
}
