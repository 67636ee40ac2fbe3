import type { ExecutionActivities } from '@aumos/agf-engine/common';
import { PausesRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';

/** One approval less to wait for; with the last one the execution runs again and takes its slot back. */
@Injectable()
export class RecordResumed {
  constructor(
    private readonly db: TenantDb,
    private readonly pauses: PausesRepository,
  ) {}

  async run({ ref, approval_id }: Parameters<ExecutionActivities['recordResumed']>[0]): Promise<void> {
    await this.db.run(ref.tenant_id, () => this.pauses.markResumed(ref.execution_id, approval_id));
  }
}
