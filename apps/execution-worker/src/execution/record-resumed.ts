import type { ExecutionActivities } from '@aumos/agf-engine/common';
import { PausesRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { AncestorPauses } from './ancestor-pauses.js';
import { ExecutionLog } from './execution-log.js';

type Resumed = Parameters<ExecutionActivities['recordResumed']>[0];

/** One approval less to wait for; with the last one the execution runs again and takes its slot back. */
@Injectable()
export class RecordResumed {
  constructor(
    private readonly db: TenantDb,
    private readonly pauses: PausesRepository,
    private readonly log: ExecutionLog,
    private readonly above: AncestorPauses,
  ) {}

  async run(resumed: Resumed): Promise<void> {
    await this.db.run(resumed.ref.tenant_id, () => this.within(resumed));
  }

  /** Before anything else changes. Needs a scope. */
  async within({ ref, approval_id }: Resumed): Promise<void> {
    if (!(await this.above.lock(ref))) return;
    await this.above.resumed(ref, approval_id);
    if (!(await this.pauses.markResumed(ref.execution_id, approval_id))) return;
    this.log.append(ref, { type: 'hitl_resume', data: { approval_id } });
  }
}
