import { type DeliveredEvent, HandleEvent } from '@aumos/agf-events';
import { ApprovalsRepository, TenantDb } from '@aumos/agf-persistence';
import { Controller, Logger } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';

/** An execution that has ended waits for nobody: whatever is still open of it is closed. Runs in the inbox's transaction. */
@Controller()
export class EndedExecutionsController {
  private readonly log = new Logger(EndedExecutionsController.name);

  constructor(
    private readonly db: TenantDb,
    private readonly approvals: ApprovalsRepository,
  ) {}

  @HandleEvent('agf.workflow.completed')
  completed(@Payload() event: DeliveredEvent): Promise<void> {
    return this.close(event);
  }

  @HandleEvent('agf.workflow.failed')
  failed(@Payload() event: DeliveredEvent): Promise<void> {
    return this.close(event);
  }

  private async close(event: DeliveredEvent): Promise<void> {
    await this.db.run(event.tenant_id, async () => {
      const open = await this.approvals.openOf(event.aggregate_id);
      for (const { id } of open) await this.approvals.cancel(id);
      this.log.log({ msg: 'execution ended', execution_id: event.aggregate_id, closed_approvals: open.length });
    });
  }
}
