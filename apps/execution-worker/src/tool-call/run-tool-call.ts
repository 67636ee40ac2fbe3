import {
  type ChainLink,
  effectKey,
  type ExecutionError,
  isSignOfIllness,
  type Permit,
  ToolError,
} from '@aumos/agf-domain';
import type { ToolCall, ToolCallOutcome } from '@aumos/agf-engine/common';
import {
  ApprovalsRepository,
  AuditRepository,
  TenantDb,
  TracesRepository,
  type Visit,
  VisitsRepository,
} from '@aumos/agf-persistence';
import { BreakerGuard } from '@aumos/agf-resilience';
import { BuiltinTools, runTool } from '@aumos/agf-tools';
import { Injectable } from '@nestjs/common';
import { Context } from '@temporalio/activity';
import { ExecutionLog, nodeComplete } from '../execution/execution-log.js';
import { BreakerChain } from './breaker-chain.js';
import { type Authorization, authorizeCall } from './authorize-call.js';
import { DenyCall } from './deny-call.js';
import { ToolContexts } from './tool-contexts.js';

/**
 * One visit of a tool node: journal → privilege → breaker chain → approval → tool → journal. A visit that has ended
 * answers from the journal; a repeated attempt runs under the same effect key and the same approval.
 */
@Injectable()
export class RunToolCall {
  constructor(
    private readonly db: TenantDb,
    private readonly visits: VisitsRepository,
    private readonly approvals: ApprovalsRepository,
    private readonly traces: TracesRepository,
    private readonly audit: AuditRepository,
    private readonly guard: BreakerGuard,
    private readonly chain: BreakerChain,
    private readonly tools: BuiltinTools,
    private readonly contexts: ToolContexts,
    private readonly deny: DenyCall,
    private readonly log: ExecutionLog,
  ) {}

  async run(call: ToolCall): Promise<ToolCallOutcome> {
    const begun = await this.begin(call);
    if (!begun.begun && begun.ended.status === 'completed') return { kind: 'completed', result: begun.ended.output };
    const tool = this.tools.get(call.tool);
    if (!tool) throw new ToolError('TOOL_NOT_FOUND', `there is no tool ${call.tool}`);
    const authorization = authorizeCall(call, tool.spec);
    if (authorization.kind === 'denied') return this.deny.privilege(call, authorization.need, authorization.effective);
    const admission = await this.guard.acquire(call.ref.tenant_id, this.chain.of(call), {
      level: authorization.need,
      lease_ms: call.timeout_seconds * 1000,
    });
    if (!admission.admitted) return this.refused(call, admission);
    return this.underPermit(call, admission.permit, authorization);
  }

  private begin(call: ToolCall): ReturnType<VisitsRepository['begin']> {
    const { execution_id, tenant_id } = call.ref;
    const { node, visit, step, item } = call;
    return this.db.run(tenant_id, async () => {
      await this.log.recordEnded(call.ref, call.ended);
      const begun = await this.visits.begin({
        execution_id,
        node,
        visit,
        step,
        item,
        type: call.visit_type ?? 'tool',
        input: call.arguments,
      });
      if (begun.begun && begun.attempt === 1)
        this.log.append(call.ref, { type: 'tool_start', data: { node, visit, step, item, tool: call.tool } });
      return begun;
    });
  }

  private async underPermit(call: ToolCall, permit: Permit, authorization: Authorization): Promise<ToolCallOutcome> {
    const { tenant_id } = call.ref;
    try {
      const outcome = await this.call(call, authorization);
      await this.guard.report(tenant_id, permit, 'success');
      return outcome;
    } catch (error) {
      await this.guard.report(tenant_id, permit, countsAsFailure(error) ? 'failure' : 'ignored');
      throw error;
    }
  }

  private async call(call: ToolCall, authorization: Authorization): Promise<ToolCallOutcome> {
    await this.consumeApproval(call, authorization);
    const tool = this.tools.get(call.tool)!;
    const started = new Date();
    const result = await runTool(tool, call.arguments, this.contexts.of(call));
    const { tenant_id, execution_id } = call.ref;
    const { node, visit, step, item } = call;
    return this.db.run(tenant_id, async () => {
      const settled = await this.visits.settle({
        execution_id,
        node,
        visit,
        step,
        item,
        type: call.visit_type ?? 'tool',
        input: call.arguments,
        status: 'completed',
        output: result,
        error: null,
        approval_id: call.gate?.approval?.approval_id ?? null,
        started_at: started.toISOString(),
      });
      if (settled.won) await this.told(call, settled.visit, { version: tool.spec.version, started });
      return { kind: 'completed', result: settled.visit.output };
    });
  }

  private async told(call: ToolCall, visit: Visit, ran: { version: number; started: Date }): Promise<void> {
    const { execution_id, traceparent } = call.ref;
    const duration_ms = Date.now() - ran.started.getTime();
    await this.traces.add({
      execution_id,
      node: visit.node,
      visit: visit.visit,
      kind: 'tool',
      name: call.tool,
      attributes: { version: ran.version, attempt: Context.current().info.attempt },
      started_at: ran.started,
      duration_ms,
      traceparent: traceparent ?? null,
    });
    const end = {
      node: visit.node,
      visit: visit.visit,
      step: visit.step,
      item: visit.item,
      tool: call.tool,
      duration_ms,
    };
    this.log.append(call.ref, { type: 'tool_end', data: end }, nodeComplete(visit));
  }

  /** Once for a visit: its retries run under the same approval. */
  private async consumeApproval(call: ToolCall, authorization: Authorization): Promise<void> {
    if (authorization.kind !== 'approval_needed') return;
    const { approval_id, payload_hash, need } = authorization;
    if (!approval_id || !payload_hash) return this.deny.approval(call, need, null);
    const { tenant_id, execution_id, initiator } = call.ref;
    const effect_key = effectKey(execution_id, call.node, call.visit);
    const consumed = await this.db.run(tenant_id, async () => {
      const answer = await this.approvals.consume({ approval_id, payload_hash, effect_key });
      if (answer === 'consumed')
        await this.audit.append({
          actor_id: initiator,
          action: 'tool.call',
          resource_type: 'execution',
          resource_id: execution_id,
          outcome: 'allowed',
          details: { tool: call.tool, node: call.node, visit: call.visit, level: need, approval_id, payload_hash },
        });
      return answer;
    });
    if (consumed === 'refused') return this.deny.approval(call, need, approval_id);
  }

  private async refused(
    call: ToolCall,
    refusal: { key: ChainLink['key']; state: string; retry_after_ms: number },
  ): Promise<ToolCallOutcome> {
    const { tenant_id, execution_id, traceparent } = call.ref;
    const { key, state, retry_after_ms } = refusal;
    await this.db.run(tenant_id, () =>
      this.traces.add({
        execution_id,
        node: call.node,
        visit: call.visit,
        kind: 'breaker',
        name: key,
        attributes: { state, retry_after_ms },
        started_at: new Date(),
        traceparent: traceparent ?? null,
      }),
    );
    const error: ExecutionError = {
      code: 'CIRCUIT_OPEN',
      message: `breaker ${key} is ${state}`,
      node: call.node,
      visit: call.visit,
      attempts: 0,
      details: { circuit_key: key, state, retry_after_ms },
    };
    return { kind: 'refused', error, key, retry_after_ms };
  }
}

/** A call counts once, after its retries: an attempt that will be repeated does not. */
function countsAsFailure(error: unknown): boolean {
  const { info, cancellationSignal } = Context.current();
  if (cancellationSignal.aborted) return false;
  const foreseen = error instanceof ToolError;
  if (foreseen && !isSignOfIllness(error)) return false;
  const last = info.attempt >= (info.retryPolicy?.maximumAttempts ?? 1);
  return last || (foreseen && !error.retryable);
}
