import type { ExecutionActivities } from '@aumos/agf-engine/common';
import { TenantDb, VisitsRepository } from '@aumos/agf-persistence';
import { endedVisits } from './ended-visits.js';
import { Injectable } from '@nestjs/common';

/** Visits that ended inside the workflow, when they are too many to travel with another activity. */
@Injectable()
export class RecordVisits {
  constructor(
    private readonly db: TenantDb,
    private readonly visits: VisitsRepository,
  ) {}

  async run({ ref, ended }: Parameters<ExecutionActivities['recordVisits']>[0]): Promise<void> {
    await this.db.run(ref.tenant_id, () => this.visits.recordEnded(endedVisits(ref, ended)));
  }
}
