import { type DeliveredEvent, HandleEvent } from '@aumos/agf-events';
import { TenantDb, WorkflowOutcomesRepository } from '@aumos/agf-persistence';
import { Controller, Logger } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';

type EndEvent = 'agf.workflow.completed' | 'agf.workflow.failed';

/** How each workflow's executions end. Runs in the inbox's transaction: each execution counts once. */
@Controller()
export class WorkflowOutcomesController {
  private readonly log = new Logger(WorkflowOutcomesController.name);

  constructor(
    private readonly db: TenantDb,
    private readonly outcomes: WorkflowOutcomesRepository,
  ) {}

  @HandleEvent('agf.workflow.completed')
  completed(@Payload() event: DeliveredEvent<'agf.workflow.completed'>): Promise<void> {
    return this.count(event, 'completed');
  }

  @HandleEvent('agf.workflow.failed')
  failed(@Payload() event: DeliveredEvent<'agf.workflow.failed'>): Promise<void> {
    return this.count(event, event.message.code === 'CANCELLED' ? 'cancelled' : 'failed');
  }

  private async count(event: DeliveredEvent<EndEvent>, outcome: 'completed' | 'failed' | 'cancelled'): Promise<void> {
    const workflowId = event.message.workflowId;
    await this.db.run(event.tenant_id, () => this.outcomes.count(workflowId, outcome, new Date(event.occurred_at)));
    this.log.log({ msg: `execution ${outcome}`, execution_id: event.aggregate_id, workflow_id: workflowId });
  }
}
