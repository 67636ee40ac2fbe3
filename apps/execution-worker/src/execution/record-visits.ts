import type { ExecutionActivities } from '@aumos/agf-engine/common';
import { TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { ExecutionLog } from './execution-log.js';

/** Visits that ended inside the workflow, when they are too many to travel with another activity. */
@Injectable()
export class RecordVisits {
  constructor(
    private readonly db: TenantDb,
    private readonly log: ExecutionLog,
  ) {}

  async run({ ref, ended, steps }: Parameters<ExecutionActivities['recordVisits']>[0]): Promise<void> {
    await this.db.run(ref.tenant_id, () => this.log.recordEnded(ref, ended, steps));
  }
}
