import { type DeliveredEvent, HandleEvent } from '@aumos/agf-events';
import { TenantDb, TracesRepository } from '@aumos/agf-persistence';
import { Controller, Logger } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';

type ApprovalEvent = 'agf.hitl.approval_requested' | 'agf.hitl.approved' | 'agf.hitl.rejected';

/** What people decided, among the execution's traces. Runs in the inbox's transaction. */
@Controller()
export class HitlTracesController {
  private readonly log = new Logger(HitlTracesController.name);

  constructor(
    private readonly db: TenantDb,
    private readonly traces: TracesRepository,
  ) {}

  @HandleEvent('agf.hitl.approval_requested')
  requested(@Payload() event: DeliveredEvent<'agf.hitl.approval_requested'>): Promise<void> {
    return this.add(event, 'requested');
  }

  @HandleEvent('agf.hitl.approved')
  approved(@Payload() event: DeliveredEvent<'agf.hitl.approved'>): Promise<void> {
    return this.add(event, event.data['decision'] === 'respond' ? 'answered' : 'approved');
  }

  @HandleEvent('agf.hitl.rejected')
  rejected(@Payload() event: DeliveredEvent<'agf.hitl.rejected'>): Promise<void> {
    return this.add(event, event.data['decision'] === 'edit' ? 'edited' : 'rejected');
  }

  private async add(event: DeliveredEvent<ApprovalEvent>, what: string): Promise<void> {
    const { data, message, tenant_id } = event;
    await this.db.run(tenant_id, () =>
      this.traces.add({
        execution_id: message.executionId,
        node: typeof data['node'] === 'string' ? data['node'] : null,
        kind: 'hitl',
        name: what,
        attributes: { approval_id: message.approvalId, actor: event.actor_id, notes: data['notes'] ?? null },
        started_at: new Date(event.occurred_at),
        traceparent: event.traceparent ?? null,
      }),
    );
    this.log.log({ msg: `approval ${what}`, execution_id: message.executionId, approval_id: message.approvalId });
  }
}
