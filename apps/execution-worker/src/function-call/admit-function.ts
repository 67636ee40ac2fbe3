import { functionBreakerKey } from '@aumos/agf-domain';
import type { FunctionAdmission, FunctionCall } from '@aumos/agf-engine/common';
import { GatePoliciesRepository, TenantDb, VisitsRepository } from '@aumos/agf-persistence';
import { BreakerGuard } from '@aumos/agf-resilience';
import { Injectable } from '@nestjs/common';
import { BreakerChain } from '../breakers/breaker-chain.js';
import { ExecutionLog } from '../execution/execution-log.js';
import { authorizeCall } from '../tool-call/authorize-call.js';
import { ConsumeApproval } from '../tool-call/consume-approval.js';
import { DenyCall } from '../tool-call/deny-call.js';
import { heldByPolicies } from '../tool-call/held-by-policies.js';
import type { Callee } from '../tool-call/guarded-call.js';
import { RefuseCall } from '../tool-call/refuse-call.js';

/**
 * Whether a visit's handler may run: journal → privilege → breaker chain → approval. A visit that has ended answers from
 * the journal. Asked again it admits again: under the same approval and another permit, for the one before ends by its
 * lease.
 */
@Injectable()
export class AdmitFunction {
  constructor(
    private readonly db: TenantDb,
    private readonly visits: VisitsRepository,
    private readonly guard: BreakerGuard,
    private readonly chain: BreakerChain,
    private readonly approval: ConsumeApproval,
    private readonly deny: DenyCall,
    private readonly refuse: RefuseCall,
    private readonly log: ExecutionLog,
    private readonly policies: GatePoliciesRepository,
  ) {}

  /** @throws CallerError PRIVILEGE_DENIED, GATE_POLICIES_CHANGED */
  async run(call: FunctionCall): Promise<FunctionAdmission> {
    const begun = await this.begin(call);
    if (!begun.begun && begun.ended.status === 'completed') return { kind: 'completed', result: begun.ended.output };
    return this.guarded(call);
  }

  /** Without the journal. @throws CallerError PRIVILEGE_DENIED, GATE_POLICIES_CHANGED */
  async guarded(call: FunctionCall): Promise<Exclude<FunctionAdmission, { kind: 'completed' }>> {
    const callee: Callee = { kind: 'handler', name: call.handler, version: null, min_privilege_level: 1 };
    const authorization = authorizeCall(call, callee, await this.policies.of(call.ref.tenant_id));
    if (authorization.kind === 'denied')
      return this.deny.privilege(call, callee, authorization.need, authorization.effective);
    if (authorization.kind === 'policies_changed') throw heldByPolicies(callee.name, authorization.policies);
    const { tenant_id } = call.ref;
    const chain = await this.chain.of(functionBreakerKey(call), call);
    const admission = await this.guard.acquire(tenant_id, chain, {
      level: authorization.need,
      lease_ms: call.timeout_seconds * 1000,
    });
    if (!admission.admitted) return this.refuse.run(call, admission);
    const { permit } = admission;
    try {
      await this.approval.consume(call, callee, authorization);
    } catch (error) {
      await this.guard.report(tenant_id, permit, 'ignored');
      throw error;
    }
    return { kind: 'admitted', permit };
  }

  private begin(call: FunctionCall): ReturnType<VisitsRepository['begin']> {
    const { ref, node, visit, step, item, handler, arguments: input, ended, steps } = call;
    const { execution_id, tenant_id } = ref;
    return this.db.run(tenant_id, async () => {
      await this.log.recordEnded(ref, ended, steps);
      const begun = await this.visits.begin({ execution_id, node, visit, step, item, type: 'function', input });
      if (begun.begun && begun.attempt === 1)
        this.log.append(ref, { type: 'tool_start', data: { node, visit, step, item, handler } });
      return begun;
    });
  }
}
