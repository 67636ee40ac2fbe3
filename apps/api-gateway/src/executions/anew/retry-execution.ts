import { ApiError, type ExecutionStatus } from '@aumos/agf-domain';
import { type ExecutionEntity, type ExecutionOrigin } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import type { RetryDto } from './anew.dto.js';
import { type AnewRequest, MakeExecutionOf } from './make-execution-of.js';
import { WhereItBegan } from './where-it-began.js';

/** Statuses that a retry may follow. */
export const RETRIED = ['failed', 'cancelled'] as const satisfies ExecutionStatus[];

/**
 * A new execution that begins with the step in which the other one failed. Visits of that step which ended well do not
 * run again: but the one that failed, or those of the node that is named.
 */
@Injectable()
export class RetryExecution {
  constructor(
    private readonly make: MakeExecutionOf,
    private readonly began: WhereItBegan,
  ) {}

  /** @throws ApiError NOT_FOUND, INVALID_STATE, NO_CHECKPOINTS, NO_SUCH_VISIT, and what a start throws */
  async run(request: AnewRequest<RetryDto>): Promise<ExecutionEntity> {
    const { node } = request.body;
    const body = { node: node ?? null };
    return this.make.run({ ...request, body }, (row) => this.origin(row, node), 'retry');
  }

  private async origin(row: ExecutionEntity, named: string | undefined): Promise<ExecutionOrigin> {
    const { id, status, error_details } = row;
    if (!RETRIED.some((each) => each === status))
      throw new ApiError('INVALID_STATE', 'Only what failed or was cancelled can be retried.', { status });
    // Whatever ended it did so in its last step.
    const { step } = await this.began.of(id, named);
    const failed = { node: error_details?.node ?? null, visit: error_details?.visit ?? null };
    const at = named === undefined ? failed : { node: named, visit: null };
    return { kind: 'retry', execution_id: id, at: { step, ...at } };
  }
}
