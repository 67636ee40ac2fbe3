import { type BuiltinTool, type Permit, toolBreakerKeys, ToolError } from '@aumos/agf-domain';
import type { ToolCall, ToolCallOutcome, ToolDispatch } from '@aumos/agf-engine/common';
import {
  GatePoliciesRepository,
  TenantDb,
  TracesRepository,
  type Visit,
  VisitsRepository,
} from '@aumos/agf-persistence';
import { BreakerGuard } from '@aumos/agf-resilience';
import { calledHost, type CallableTool, runTool, ToolCatalog, ToolChangedError } from '@aumos/agf-tools';
import { Injectable } from '@nestjs/common';
import { Context } from '@temporalio/activity';
import { BreakerChain } from '../breakers/breaker-chain.js';
import { thrownOutcome } from '../breakers/thrown-outcome.js';
import { ExecutionLog, nodeComplete } from '../execution/execution-log.js';
import { RecordResumed } from '../execution/record-resumed.js';
import { ActingAgents } from './acting-agent.js';
import { type Authorization, authorizeCall } from './authorize-call.js';
import { ConsumeApproval } from './consume-approval.js';
import { DenyCall } from './deny-call.js';
import type { Callee } from './guarded-call.js';
import { RefuseCall } from './refuse-call.js';
import { admitted } from './admitted.js';
import { heldByPolicies } from './held-by-policies.js';
import { HoldTool } from './hold-tool.js';
import { LargeResults } from './large-results.js';
import { ToolContexts } from './tool-contexts.js';
import { ToolRate } from './tool-rate.js';
import { ToolDrills } from './tool-drills.js';
import { toolEnd, toolTrace } from './told-call.js';

/**
 * One visit of a tool node: journal → tool of now → privilege → breaker chain → approval → tool → journal. A visit that has
 * ended answers from the journal; a repeated attempt runs under the same effect key and the same approval. Of a tool that is
 * not the one the call is made for nothing is done; one whose work a team's handler does is admitted.
 */
@Injectable()
export class RunToolCall {
  constructor(
    private readonly db: TenantDb,
    private readonly visits: VisitsRepository,
    private readonly traces: TracesRepository,
    private readonly agents: ActingAgents,
    private readonly approval: ConsumeApproval,
    private readonly guard: BreakerGuard,
    private readonly chain: BreakerChain,
    private readonly tools: ToolCatalog,
    private readonly rate: ToolRate,
    private readonly contexts: ToolContexts,
    private readonly deny: DenyCall,
    private readonly refuse: RefuseCall,
    private readonly log: ExecutionLog,
    private readonly hold: HoldTool,
    private readonly large: LargeResults,
    private readonly drills: ToolDrills,
    private readonly policies: GatePoliciesRepository,
    private readonly resumed: RecordResumed,
  ) {}

  async run(asked: ToolCall): Promise<ToolDispatch> {
    const begun = await this.begin(asked);
    if (!begun.begun && begun.ended.status === 'completed') return { kind: 'completed', result: begun.ended.output };
    const tool = await this.tools.callable(asked.ref.tenant_id, asked.tool);
    if (!tool) throw new ToolError('TOOL_NOT_FOUND', `there is no tool ${asked.tool}, or not any more`);
    if (tool.spec.version !== asked.tool_version) return { kind: 'changed', spec: tool.spec };
    const callee: Callee = { kind: 'tool', ...tool.spec };
    const call = await this.agents.now(asked, callee);
    const authorization = authorizeCall(call, callee, await this.policies.of(call.ref.tenant_id));
    if (authorization.kind === 'denied')
      return this.deny.privilege(call, callee, authorization.need, authorization.effective);
    if (authorization.kind === 'policies_changed') throw heldByPolicies(callee.name, authorization.policies);
    await this.rate.take(call.ref.tenant_id, { name: callee.name, rate_limit: tool.rate_limit }, authorization.need);
    const keys = toolBreakerKeys(call.tool, calledHost(tool.spec, call.arguments));
    const chain = await this.chain.of(keys, call);
    const admission = await this.guard.acquire(call.ref.tenant_id, chain, {
      level: authorization.need,
      lease_ms: call.timeout_seconds * 1000,
    });
    if (!admission.admitted) return this.refuse.run(call, admission);
    return this.underPermit(call, { tool, callee }, admission.permit, authorization);
  }

  private begin(call: ToolCall): ReturnType<VisitsRepository['begin']> {
    const { execution_id, tenant_id } = call.ref;
    const { node, visit, step, item } = call;
    const approval = call.gate?.approval;
    return this.db.run(tenant_id, async () => {
      if (approval?.paused) await this.resumed.within({ ref: call.ref, approval_id: approval.approval_id });
      await this.log.recordEnded(call.ref, call.ended, call.steps);
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

  private async underPermit(
    call: ToolCall,
    { tool, callee }: { tool: CallableTool; callee: Callee },
    permit: Permit,
    authorization: Authorization,
  ): Promise<ToolDispatch> {
    const { tenant_id } = call.ref;
    const began = Date.now();
    try {
      await this.approval.consume(call, callee, authorization);
      await this.drills.strike(call);
      if ('function' in tool) return admitted(call, tool, permit);
      const outcome = await this.call(call, tool);
      await this.guard.report(tenant_id, permit, 'success', Date.now() - began);
      return outcome;
    } catch (error) {
      await this.guard.report(tenant_id, permit, thrownOutcome(permit, error), Date.now() - began);
      if (error instanceof ToolChangedError) await this.hold.run(call, error);
      throw error;
    }
  }

  private async call(call: ToolCall, tool: CallableTool & BuiltinTool): Promise<ToolCallOutcome> {
    const started = new Date();
    const result = await this.large.fitted(call, await runTool(tool, call.arguments, this.contexts.of(call)));
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
      if (settled.won) await this.told(call, settled.visit, { tool, started });
      return { kind: 'completed', result: settled.visit.output };
    });
  }

  private async told(call: ToolCall, visit: Visit, ran: { tool: CallableTool; started: Date }): Promise<void> {
    const { spec, cost } = ran.tool;
    const duration_ms = Date.now() - ran.started.getTime();
    const attempt = Context.current().info.attempt;
    const run = { version: spec.version, cost, attempt, started_at: ran.started, duration_ms };
    await this.traces.add(toolTrace(call, run));
    this.log.append(call.ref, toolEnd(call, visit, duration_ms), nodeComplete(visit));
  }
}
