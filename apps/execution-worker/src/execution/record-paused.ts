import type { ExecutionActivities } from '@aumos/agf-engine/common';
import { EventPublisher } from '@aumos/agf-events';
import { PausesRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { AncestorPauses } from './ancestor-pauses.js';
import { eventOf } from './event-of.js';
import { ExecutionLog } from './execution-log.js';

/** The execution waits for a person: row `paused_hitl`, slot given back, one event an approval. So do those above it. */
@Injectable()
export class RecordPaused {
  constructor(
    private readonly db: TenantDb,
    private readonly pauses: PausesRepository,
    private readonly events: EventPublisher,
    private readonly log: ExecutionLog,
    private readonly above: AncestorPauses,
  ) {}

  async run({
    ref,
    approval_id,
    gate_name,
    node,
    ended,
    steps,
  }: Parameters<ExecutionActivities['recordPaused']>[0]): Promise<void> {
    await this.db.run(ref.tenant_id, async () => {
      await this.log.recordEnded(ref, ended, steps);
      if (!(await this.above.lock(ref))) return;
      await this.above.paused(ref, { approval_id, gate_name });
      if (!(await this.pauses.markPaused(ref.execution_id, approval_id, node))) return;
      await this.events.publish(eventOf(ref, 'agf.workflow.paused_hitl', { approval_id, gate_name, node }, new Date()));
      this.log.append(ref, { type: 'hitl_pause', data: { approval_id, gate_name, node } });
    });
  }
}
