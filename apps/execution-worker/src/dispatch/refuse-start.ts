import type { ExecutionError } from '@aumos/agf-domain';
import { type ExecutionEntity, type WorkflowVersionEntity } from '@aumos/agf-persistence';
import { Injectable, Logger } from '@nestjs/common';
import { RecordOutcome } from '../execution/record-outcome.js';
import { refOf } from '../execution/ref-of.js';

/** Ends an accepted execution that cannot begin where it was to: it would be tried again for ever. */
@Injectable()
export class RefuseStart {
  private readonly log = new Logger(RefuseStart.name);

  constructor(private readonly outcome: RecordOutcome) {}

  /** The step at which it was to begin is no longer kept. */
  async gone(execution: ExecutionEntity, version: WorkflowVersionEntity): Promise<void> {
    const from = execution.origin_execution_id ?? 'an execution that was removed';
    const text = `Step ${String(execution.origin_step)} of ${from} is no longer kept`;
    await this.end(execution, version, 'CHECKPOINT_GONE', text);
  }

  /** The state with which it was to begin is more than a start carries. */
  async tooLarge(execution: ExecutionEntity, version: WorkflowVersionEntity): Promise<void> {
    const text = `The state of step ${String(execution.origin_step)} is too large to begin with`;
    await this.end(execution, version, 'CHECKPOINT_TOO_LARGE', text);
  }

  private async end(
    execution: ExecutionEntity,
    { definition }: WorkflowVersionEntity,
    code: string,
    message: string,
  ): Promise<void> {
    const details = { origin_execution_id: execution.origin_execution_id, step: execution.origin_step };
    const { origin_node: node, origin_visit: visit } = execution;
    const error: ExecutionError = { code, message, node, visit, attempts: 0, details };
    const ref = refOf(execution, definition.name);
    await this.outcome.run({ ref, status: 'failed', output: null, error, breaker_outcome: 'ignored', ended: [] });
    this.log.warn({ msg: message, execution_id: execution.id, code });
  }
}
