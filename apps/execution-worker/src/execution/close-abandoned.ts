import { type ExecutionError, isEnded } from '@aumos/agf-domain';
import { type AncestorRef, breakerOutcome } from '@aumos/agf-engine/common';
import {
  DefinitionsRepository,
  type ExecutionEntity,
  ExecutionsRepository,
  FamiliesRepository,
  TenantDb,
} from '@aumos/agf-persistence';
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
    private readonly families: FamiliesRepository,
    private readonly outcome: RecordOutcome,
  ) {}

  /** @param isOver what Temporal says of it; asked only while the row has not ended */
  async run(tenantId: string, executionId: string, isOver: () => Promise<boolean>): Promise<void> {
    const found = await this.db.run(tenantId, async () => {
      const execution = await this.executions.get(executionId);
      if (!execution || isEnded(execution.status)) return null;
      const version = await this.definitions.getVersion(execution.workflow_id, execution.workflow_version);
      const ancestors = await this.ancestorsOf(execution);
      return { execution, workflow_name: version?.definition.name ?? '', ancestors };
    });
    if (!found || !(await isOver())) return;
    const { execution, workflow_name, ancestors } = found;
    // A child that never began went with its parent.
    const neverBegan = execution.status === 'pending' && execution.parent_execution_id !== null;
    const cancelled = neverBegan || execution.cancel_requested_at !== null;
    const error = cancelled
      ? errorOf('CANCELLED', 'The execution was cancelled')
      : errorOf('INTERNAL_ERROR', 'The workflow ended without its outcome');
    await this.outcome.run({
      ref: { ...refOf(execution, workflow_name), ...(ancestors.length > 0 ? { ancestors } : {}) },
      status: cancelled ? 'cancelled' : 'failed',
      output: null,
      error,
      breaker_outcome: breakerOutcome(error),
      ended: [],
    });
    this.log.warn({ msg: error.message, tenant_id: tenantId, execution_id: executionId, code: error.code });
  }

  private async ancestorsOf({ id, parent_execution_id }: ExecutionEntity): Promise<AncestorRef[]> {
    if (parent_execution_id === null) return [];
    const path = (await this.families.pathsTo([id])).get(id) ?? [];
    return path.flatMap(({ execution_id, workflow_id, node, visit }) =>
      node === null || visit === null ? [] : [{ execution_id, workflow_id, node, visit }],
    );
  }
}
