import { ToolError } from '@aumos/agf-domain';
import type { ExecutionRef } from '@aumos/agf-engine/common';
import { EventPublisher } from '@aumos/agf-events';
import { ExecutionsRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { eventOf } from './event-of.js';
import { ExecutionLog } from './execution-log.js';

/** pending → running, with its event. Told again, it changes nothing. */
@Injectable()
export class RecordStarted {
  constructor(
    private readonly db: TenantDb,
    private readonly executions: ExecutionsRepository,
    private readonly events: EventPublisher,
    private readonly log: ExecutionLog,
  ) {}

  /** @throws ToolError CANCELLED when the execution ended before it began */
  async run(ref: ExecutionRef): Promise<void> {
    await this.db.run(ref.tenant_id, async () => {
      const began = await this.executions.markRunning(ref.execution_id);
      const row = await this.executions.get(ref.execution_id);
      if (!row || row.status === 'cancelled' || row.status === 'failed')
        throw new ToolError('CANCELLED', 'the execution ended before it began');
      if (!began) return;
      const at = row.started_at ?? new Date();
      const data = {
        workflow_name: ref.workflow_name,
        workflow_version: ref.version,
        initiator: ref.initiator,
        started_at: at.toISOString(),
      };
      await this.events.publish(eventOf(ref, 'agf.workflow.started', data, at));
      this.log.append(ref, {
        type: 'workflow_start',
        data: { execution_id: ref.execution_id, workflow_id: ref.workflow_id, ...data },
      });
    });
  }
}
