import { type Json, ToolError } from '@aumos/agf-domain';
import type { ModelReply, SettledTurn, TurnSettlement } from '@aumos/agf-engine/common';
import { TenantDb, TracesRepository, type Visit, VisitsRepository } from '@aumos/agf-persistence';
import { BreakerGuard } from '@aumos/agf-resilience';
import { Injectable } from '@nestjs/common';
import { toldOutcome } from '../breakers/told-outcome.js';
import { bounded } from '../execution/bounded.js';
import { ExecutionLog, nodeComplete } from '../execution/execution-log.js';
import { toldTimes } from '../function-call/handler-end.js';
import { executorReply } from './executor-reply.js';
import { ModelBudget } from './model-budget.js';

type Completed = TurnSettlement & { outcome: { kind: 'completed' } };

/** How a turn of a team's executor ended: journal, budget, trace and log in one transaction, then the report to its breakers. */
@Injectable()
export class SettleTurn {
  constructor(
    private readonly db: TenantDb,
    private readonly visits: VisitsRepository,
    private readonly traces: TracesRepository,
    private readonly guard: BreakerGuard,
    private readonly budget: ModelBudget,
    private readonly log: ExecutionLog,
  ) {}

  /** What is no reply has failed. May be repeated. */
  async run(settlement: TurnSettlement): Promise<SettledTurn> {
    const { call, permit, outcome } = settlement;
    const { tenant_id } = call.ref;
    const { duration_ms } = timesOf(settlement);
    if (outcome.kind === 'failed') {
      await this.budget.release(tenant_id, this.budget.heldOf(call));
      await this.guard.report(tenant_id, permit, toldOutcome(permit, bounded(outcome.error)), duration_ms);
      return null;
    }
    try {
      const said = executorReply(outcome.reply.step, call.visit);
      const { won, reply } = await this.completed({ ...settlement, outcome }, said);
      // Told twice, it counts once: the permit alone is handed back again.
      await this.guard.report(tenant_id, permit, won ? 'success' : 'ignored', duration_ms);
      return { kind: 'completed', reply };
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      await this.budget.release(tenant_id, this.budget.heldOf(call));
      const { code, message, details = {} } = error;
      await this.guard.report(tenant_id, permit, toldOutcome(permit, { code, details }), duration_ms);
      return { kind: 'failed', error: { code, message, details } };
    }
  }

  private async completed(settlement: Completed, reply: ModelReply): Promise<{ won: boolean; reply: ModelReply }> {
    const { call, started_at } = settlement;
    const { ref, node, visit, step, item, told } = call;
    return this.db.run(ref.tenant_id, async () => {
      const settled = await this.visits.settle({
        ...{ execution_id: ref.execution_id, node, visit, step, item, type: 'model', started_at },
        input: { told } as unknown as Json,
        status: 'completed',
        output: reply as unknown as Json,
        error: null,
      });
      const held = this.budget.heldOf(call);
      if (settled.won) {
        await this.budget.settle(held, reply.usage);
        await this.tell(settlement, reply, settled.visit);
      }
      return { won: settled.won, reply: settled.visit.output as unknown as ModelReply };
    });
  }

  private async tell(settlement: Completed, reply: ModelReply, row: Visit): Promise<void> {
    const { call, started_at } = settlement;
    const { ref, agent } = call;
    const { finish, usage, calls } = reply;
    const { attempts: attempt, duration_ms } = timesOf(settlement);
    await this.traces.add({
      execution_id: ref.execution_id,
      node: row.node,
      visit: row.visit,
      kind: 'llm',
      name: agent.executor?.name ?? agent.name,
      attributes: {
        ...{ agent_id: agent.id, agent: agent.name, agent_version: agent.version, executor: true },
        ...{ finish, calls: calls.length, ...usage, attempt },
      },
      started_at: new Date(started_at),
      duration_ms,
      traceparent: ref.traceparent ?? null,
    });
    this.log.append(ref, nodeComplete(row));
  }
}

/** Of one that failed: since it was admitted, all its attempts. */
function timesOf({ outcome, started_at }: TurnSettlement): ReturnType<typeof toldTimes> {
  const since = Math.max(0, Date.now() - Date.parse(started_at));
  return toldTimes(outcome.kind === 'completed' ? outcome.reply : { attempt: 1, duration_ms: since }, since);
}
