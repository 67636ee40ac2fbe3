import { type Json, type JsonObject } from '@aumos/agf-domain';
import type { FunctionSettlement } from '@aumos/agf-engine/common';
import { TenantDb, TracesRepository, type Visit, VisitsRepository } from '@aumos/agf-persistence';
import { BreakerGuard } from '@aumos/agf-resilience';
import { Injectable } from '@nestjs/common';
import { toldOutcome } from '../breakers/told-outcome.js';
import { ExecutionLog, nodeComplete } from '../execution/execution-log.js';
import { endedVisit, type HandlerEnd, handlerEnd } from './handler-end.js';

/** How an admitted visit ended: journal, trace and log in one transaction, then the report to its breakers. */
@Injectable()
export class SettleFunction {
  constructor(
    private readonly db: TenantDb,
    private readonly visits: VisitsRepository,
    private readonly traces: TracesRepository,
    private readonly guard: BreakerGuard,
    private readonly log: ExecutionLog,
  ) {}

  /** @returns the journal's result, where another ended the visit before; else null */
  async run(settlement: FunctionSettlement): Promise<{ result: Json } | null> {
    const { tenant_id } = settlement.call.ref;
    const told = handlerEnd(settlement);
    const { won, visit } = await this.db.run(tenant_id, async () => {
      const settled = await this.visits.settle(endedVisit(settlement, 'function', told));
      if (settled.won) await this.tell(settlement, told, settled.visit);
      return settled;
    });
    // Told twice, it counts once: the permit alone is handed back again.
    const { permit } = settlement;
    await this.guard.report(tenant_id, permit, won ? toldOutcome(permit, told.error) : 'ignored', told.duration_ms);
    return won || visit.status !== 'completed' ? null : { result: visit.output };
  }

  private async tell({ call, started_at }: FunctionSettlement, told: HandlerEnd, row: Visit): Promise<void> {
    const { ref, handler, task_queue } = call;
    const { node, visit, step, item } = row;
    const { attempts, duration_ms, error } = told;
    await this.traces.add({
      execution_id: ref.execution_id,
      node,
      visit,
      kind: 'tool',
      name: handler,
      attributes: { handler: true, attempt: attempts, ...given({ task_queue, code: error?.code }) },
      started_at: new Date(started_at),
      duration_ms,
      traceparent: ref.traceparent ?? null,
    });
    if (!error) this.log.append(ref, { type: 'tool_end', data: { node, visit, step, item, handler, duration_ms } });
    this.log.append(ref, nodeComplete(row));
  }
}

const given = (members: Record<string, string | undefined>): JsonObject =>
  Object.fromEntries(Object.entries(members).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
