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

  /** CHECKPOINT_GONE: the step at which it was to begin is no longer kept. */
  async gone(execution: ExecutionEntity, { definition }: WorkflowVersionEntity): Promise<void> {
    const { origin_execution_id: from, origin_step: step, origin_node: node, origin_visit: visit } = execution;
    const error: ExecutionError = {
      code: 'CHECKPOINT_GONE',
      message: `Step ${String(step)} of ${from ?? 'an execution that was removed'} is no longer kept`,
      node,
      visit,
      attempts: 0,
      details: { origin_execution_id: from, step },
    };
    const ref = refOf(execution, definition.name);
    await this.outcome.run({ ref, status: 'failed', output: null, error, breaker_outcome: 'ignored', ended: [] });
    this.log.warn({ msg: error.message, execution_id: execution.id, code: error.code });
  }
}
