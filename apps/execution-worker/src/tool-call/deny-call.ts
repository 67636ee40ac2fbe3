import { CallerError, type JsonObject, type PrivilegeLevel } from '@aumos/agf-domain';
import { AuditRepository, TenantDb, TracesRepository } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { actingAgent, type Callee, type GuardedCall } from './guarded-call.js';

/** A call that may not be made: said in the audit and the traces, in a transaction of its own, then thrown. */
@Injectable()
export class DenyCall {
  constructor(
    private readonly db: TenantDb,
    private readonly audit: AuditRepository,
    private readonly traces: TracesRepository,
  ) {}

  async privilege(call: GuardedCall, callee: Callee, need: PrivilegeLevel, effective: PrivilegeLevel): Promise<never> {
    const message = `${callee.kind} ${callee.name} needs level ${need}, the effective level is ${effective}`;
    return this.deny(call, callee, 'PRIVILEGE_DENIED', message, { need, effective });
  }

  async approval(call: GuardedCall, callee: Callee, need: PrivilegeLevel, approvalId: string | null): Promise<never> {
    const message = approvalId
      ? `approval ${approvalId} does not cover this call of ${callee.kind} ${callee.name}`
      : `${callee.kind} ${callee.name} needs an approval, and none was asked for`;
    return this.deny(call, callee, 'PRIVILEGE_DENIED', message, { need, approval_id: approvalId });
  }

  /** The agent that chose the call may not make it any more. */
  async agent(call: GuardedCall, callee: Callee, name: string): Promise<never> {
    const message = `the agent ${name} may not call ${callee.kind} ${callee.name}`;
    return this.deny(call, callee, 'PRIVILEGE_DENIED', message, {});
  }

  private async deny(
    call: GuardedCall,
    callee: Callee,
    code: string,
    message: string,
    details: JsonObject,
  ): Promise<never> {
    const { tenant_id, execution_id, initiator, traceparent } = call.ref;
    await this.db.run(tenant_id, async () => {
      await this.audit.append({
        actor_id: initiator,
        action: `${callee.kind}.call`,
        resource_type: 'execution',
        resource_id: execution_id,
        outcome: 'denied',
        details: {
          [callee.kind]: callee.name,
          node: call.node,
          visit: call.visit,
          code,
          ...details,
          ...actingAgent(call),
        },
      });
      await this.traces.add({
        execution_id,
        node: call.node,
        visit: call.visit,
        kind: 'privilege',
        name: callee.name,
        attributes: { code, message, ...details },
        started_at: new Date(),
        traceparent: traceparent ?? null,
      });
    });
    throw new CallerError(code, message, details);
  }
}
