import { type Json, type ToolError } from '@aumos/agf-domain';
import type { SettledTool, ToolSettlement } from '@aumos/agf-engine/common';
import { TenantDb, TracesRepository, VisitsRepository } from '@aumos/agf-persistence';
import { BreakerGuard } from '@aumos/agf-resilience';
import { checkedResult, ToolCatalog } from '@aumos/agf-tools';
import { Injectable } from '@nestjs/common';
import { toldOutcome } from '../breakers/told-outcome.js';
import { ExecutionLog, nodeComplete } from '../execution/execution-log.js';
import { endedVisit, type HandlerEnd, handlerEnd } from '../function-call/handler-end.js';
import { LargeResults } from './large-results.js';
import { toolEnd, toolTrace } from './told-call.js';

type Called = Awaited<ReturnType<ToolCatalog['called']>>;

/**
 * How a call ended whose work a team's handler did: its result held against the tool's schema, then journal, trace and log
 * in one transaction, then the report to its breakers.
 */
@Injectable()
export class SettleTool {
  constructor(
    private readonly db: TenantDb,
    private readonly visits: VisitsRepository,
    private readonly traces: TracesRepository,
    private readonly guard: BreakerGuard,
    private readonly tools: ToolCatalog,
    private readonly log: ExecutionLog,
    private readonly large: LargeResults,
  ) {}

  /** @returns the journal's result, where another ended the visit before */
  async run(settlement: ToolSettlement): Promise<SettledTool> {
    const { call, permit } = settlement;
    const { tenant_id } = call.ref;
    const called = await this.tools.called(tenant_id, call.tool, call.tool_version);
    const checked = held(called, handlerEnd(settlement), call);
    const told = checked.error ? checked : { ...checked, output: await this.large.fitted(call, checked.output) };
    const { won, visit } = await this.db.run(tenant_id, async () => {
      const settled = await this.visits.settle(endedVisit(settlement, settlement.call.visit_type ?? 'tool', told));
      if (settled.won) {
        const { attempts: attempt, duration_ms, error } = told;
        const started_at = new Date(settlement.started_at);
        const run = { version: call.tool_version, cost: called.cost, attempt, started_at, duration_ms };
        await this.traces.add(toolTrace(call, { ...run, code: error?.code }));
        if (!error) this.log.append(call.ref, toolEnd(call, settled.visit, duration_ms));
        this.log.append(call.ref, nodeComplete(settled.visit));
      }
      return settled;
    });
    // Told twice, it counts once: the permit alone is handed back again.
    await this.guard.report(tenant_id, permit, won ? toldOutcome(permit, told.error) : 'ignored', told.duration_ms);
    if (visit.status === 'completed') return { kind: 'completed', result: visit.output };
    return told.error ? { kind: 'failed', error: told.error } : { kind: 'completed', result: told.output };
  }
}

/** A result that the tool does not promise is a failure. */
function held(called: Called, end: HandlerEnd, { node, visit }: ToolSettlement['call']): HandlerEnd {
  if (end.error) return end;
  try {
    return { ...end, output: checkedResult(called.spec, end.output) };
  } catch (thrown) {
    const { code, message, details } = thrown as ToolError;
    const error = { code, message, node, visit, attempts: end.attempts, details };
    return { ...end, status: 'failed', output: null as Json, error };
  }
}
