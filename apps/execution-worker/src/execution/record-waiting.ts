import type { ExecutionActivities } from '@aumos/agf-engine/common';
import { PausesRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { ExecutionLog } from './execution-log.js';

/** The execution waits for a time or a signal and holds no slot, or goes on. Told again or too late, it changes nothing. */
@Injectable()
export class RecordWaiting {
  constructor(
    private readonly db: TenantDb,
    private readonly pauses: PausesRepository,
    private readonly log: ExecutionLog,
  ) {}

  async run(told: Parameters<ExecutionActivities['recordWaiting']>[0]): Promise<void> {
    const { ref, ended, steps, waiting, mark, node } = told;
    await this.db.run(ref.tenant_id, async () => {
      await this.log.recordEnded(ref, ended, steps);
      if (await this.pauses.markWaiting(ref.execution_id, { waiting, mark, node }))
        this.log.append(ref, { type: 'wait', data: { node, waiting } });
    });
  }
}
