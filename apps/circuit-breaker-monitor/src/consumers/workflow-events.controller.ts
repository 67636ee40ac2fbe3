import { type DeliveredEvent, HandleEvent } from '@aumos/agf-events';
import { type Happening, TenantDb, WorkflowOutcomesRepository } from '@aumos/agf-persistence';
import { Controller, Logger } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { CountCall } from '../statistics/count-call.js';

type Ended = DeliveredEvent<'agf.workflow.completed' | 'agf.workflow.failed'>;

/** What executions do, and how they end. Runs in the inbox's transaction: each counts once. */
@Controller()
export class WorkflowEventsController {
  private readonly log = new Logger(WorkflowEventsController.name);

  constructor(
    private readonly db: TenantDb,
    private readonly outcomes: WorkflowOutcomesRepository,
    private readonly calls: CountCall,
  ) {}

  @HandleEvent('agf.workflow.started')
  started(@Payload() event: DeliveredEvent<'agf.workflow.started'>): Promise<void> {
    return this.calls.ofWorkflow(event, event.message.workflowId, { started: 1 });
  }

  @HandleEvent('agf.workflow.paused_hitl')
  paused(@Payload() event: DeliveredEvent<'agf.workflow.paused_hitl'>): Promise<void> {
    return this.calls.ofWorkflow(event, event.message.workflowId, { paused: 1 });
  }

  @HandleEvent('agf.workflow.completed')
  completed(@Payload() event: DeliveredEvent<'agf.workflow.completed'>): Promise<void> {
    return this.ended(event, 'completed', { completed: 1 });
  }

  @HandleEvent('agf.workflow.failed')
  failed(@Payload() event: DeliveredEvent<'agf.workflow.failed'>): Promise<void> {
    const { code } = event.message;
    return code === 'CANCELLED'
      ? this.ended(event, 'cancelled', { cancelled: 1 })
      : this.ended(event, 'failed', { failed: 1, code });
  }

  private async ended(
    event: Ended,
    outcome: 'completed' | 'failed' | 'cancelled',
    happening: Happening,
  ): Promise<void> {
    const { workflowId, durationMs } = event.message;
    const took = durationMs === undefined ? {} : { duration_ms: Number(durationMs) };
    await this.db.run(event.tenant_id, () => this.outcomes.count(workflowId, outcome, new Date(event.occurred_at)));
    await this.calls.ofWorkflow(event, workflowId, { ...happening, ...took });
    this.log.log({ msg: `execution ${outcome}`, execution_id: event.aggregate_id, workflow_id: workflowId });
  }
}
