import { type ExecutionError, isEnded } from '@aumos/agf-domain';
import { breakerOutcome } from '@aumos/agf-engine/common';
import { DefinitionsRepository, ExecutionsRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable, Logger } from '@nestjs/common';
import { RecordOutcome } from './record-outcome.js';
import { refOf } from './ref-of.js';

const errorOf = (code: string, message: string): ExecutionError => ({
  code,
  message,
  node: null,
  visit: null,
  attempts: 1,
  details: {},
});

/**
 * Writes the outcome of an execution whose workflow is over without having written it: terminated, timed out or
 * forgotten. Again, or beside an outcome: nothing.
 */
@Injectable()
export class CloseAbandoned {
  private readonly log = new Logger(CloseAbandoned.name);

  constructor(
    private readonly db: TenantDb,
    private readonly executions: ExecutionsRepository,
    private readonly definitions: DefinitionsRepository,
    private readonly outcome: RecordOutcome,
  ) {}

  /** @param isOver what Temporal says of it; asked only while the row has not ended */
  async run(tenantId: string, executionId: string, isOver: () => Promise<boolean>): Promise<void> {
    const found = await this.db.run(tenantId, async () => {
      const execution = await this.executions.get(executionId);
      if (!execution || isEnded(execution.status)) return null;
      const version = await this.definitions.getVersion(execution.workflow_id, execution.workflow_version);
      return { execution, workflow_name: version?.definition.name ?? '' };
    });
    if (!found || !(await isOver())) return;
    const { execution, workflow_name } = found;
    const cancelled = execution.cancel_requested_at !== null;
    const error = cancelled
      ? errorOf('CANCELLED', 'The execution was cancelled')
      : errorOf('INTERNAL_ERROR', 'The workflow ended without its outcome');
    await this.outcome.run({
      ref: refOf(execution, workflow_name),
      status: cancelled ? 'cancelled' : 'failed',
      output: null,
      error,
      breaker_outcome: breakerOutcome(error),
      ended: [],
    });
    this.log.warn({ msg: error.message, tenant_id: tenantId, execution_id: executionId, code: error.code });
  }
}
