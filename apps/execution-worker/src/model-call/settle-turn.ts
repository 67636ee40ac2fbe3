import { healthOf, type Json, ToolError } from '@aumos/agf-domain';
import type { ModelReply, SettledTurn, TurnSettlement } from '@aumos/agf-engine/common';
import { TenantDb, TracesRepository, type Visit, VisitsRepository } from '@aumos/agf-persistence';
import { BreakerGuard } from '@aumos/agf-resilience';
import { Injectable } from '@nestjs/common';
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
    if (outcome.kind === 'failed') {
      await this.budget.release(tenant_id, this.budget.heldOf(call));
      await this.guard.report(tenant_id, permit, healthOf(bounded(outcome.error)));
      return null;
    }
    try {
      const said = executorReply(outcome.reply.step, call.visit);
      const { won, reply } = await this.completed({ ...settlement, outcome }, said);
      // Told twice, it counts once: the permit alone is handed back again.
      await this.guard.report(tenant_id, permit, won ? 'success' : 'ignored');
      return { kind: 'completed', reply };
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      await this.budget.release(tenant_id, this.budget.heldOf(call));
      await this.guard.report(tenant_id, permit, 'failure');
      const { code, message, details = {} } = error;
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

  private async tell({ call, started_at, outcome }: Completed, reply: ModelReply, row: Visit): Promise<void> {
    const { ref, agent } = call;
    const { finish, usage, calls } = reply;
    const since = Math.max(0, Date.now() - Date.parse(started_at));
    const { attempts: attempt, duration_ms } = toldTimes(outcome.reply, since);
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
