import type { EventType, ExecutionEvent, JsonObject, Permit, ReportedOutcome } from '@aumos/agf-domain';
import { toldOutcome } from '../breakers/told-outcome.js';
import { bounded } from './bounded.js';
import type { ExecutionOutcome } from '@aumos/agf-engine/common';
import { EventPublisher } from '@aumos/agf-events';
import { type EndedExecution, ExecutionsRepository, PayloadStore, TenantDb } from '@aumos/agf-persistence';
import { BreakerGuard } from '@aumos/agf-resilience';
import { Injectable } from '@nestjs/common';
import { AncestorPauses } from './ancestor-pauses.js';
import { eventOf } from './event-of.js';
import { ExecutionLog, outputOf } from './execution-log.js';

/** The end: row, slot and event in one transaction, then the report to the workflow's breaker. Told again, nothing. */
@Injectable()
export class RecordOutcome {
  constructor(
    private readonly db: TenantDb,
    private readonly executions: ExecutionsRepository,
    private readonly events: EventPublisher,
    private readonly log: ExecutionLog,
    private readonly guard: BreakerGuard,
    private readonly above: AncestorPauses,
    private readonly payloads: PayloadStore,
  ) {}

  async run(told: ExecutionOutcome): Promise<void> {
    const outcome = { ...told, error: told.error && bounded(told.error) };
    const { ref } = outcome;
    const permit = await this.db.run(ref.tenant_id, async (): Promise<Permit | null> => {
      await this.above.lock(ref);
      await this.log.recordEnded(ref, outcome.ended, outcome.steps);
      const ended = await this.executions.finish(ref.execution_id, outcome);
      if (!ended) return null;
      await this.above.ended(ref);
      await this.events.publish(eventOf(ref, typeOf(outcome), dataOf(outcome, ended), ended.completed_at));
      this.log.append(ref, endOf(outcome));
      await this.payloads.expireOf(ref.execution_id);
      return ended.breaker_permit;
    });
    if (permit) await this.guard.report(ref.tenant_id, permit, toldBy(permit, outcome), outcome.ran_ms);
  }
}

/** What is not the workflow's own failure stays so; what is may be one that its breaker ignores. */
const toldBy = (permit: Permit, { breaker_outcome, error }: ExecutionOutcome): ReportedOutcome =>
  breaker_outcome === 'failure' && error ? toldOutcome(permit, error) : breaker_outcome;

const typeOf = ({ status }: ExecutionOutcome): EventType =>
  status === 'completed' ? 'agf.workflow.completed' : 'agf.workflow.failed';

const endOf = ({ status, output, error }: ExecutionOutcome): ExecutionEvent =>
  status === 'completed'
    ? { type: 'workflow_complete', data: { status, ...outputOf(output) } }
    : { type: 'error', data: { status, error_details: error === null ? null : { ...error } } };

function dataOf({ ref, status, error }: ExecutionOutcome, ended: EndedExecution): JsonObject {
  const completed = ended.completed_at;
  const started = ended.started_at ?? ended.created_at;
  return {
    workflow_name: ref.workflow_name,
    workflow_version: ref.version,
    started_at: started.toISOString(),
    completed_at: completed.toISOString(),
    duration_ms: Math.max(0, completed.getTime() - started.getTime()),
    ...(status === 'completed'
      ? {}
      : {
          code: status === 'cancelled' ? 'CANCELLED' : (error?.code ?? 'INTERNAL_ERROR'),
          message: error?.message ?? '',
          node: error?.node ?? null,
        }),
  };
}
