import { ApiError } from '@aumos/agf-domain';
import { type Step, StepsRepository } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';

/** Finds the step in which visits began. Needs an open tenant scope. */
@Injectable()
export class WhereItBegan {
  constructor(private readonly steps: StepsRepository) {}

  /**
   * The last step in which a visit began: any; of the node; this one of the node.
   * @throws ApiError NO_CHECKPOINTS for an execution whose steps were not recorded, NO_SUCH_VISIT
   */
  async of(executionId: string, node?: string, visit?: number): Promise<Pick<Step, 'step' | 'due'>> {
    const found = await this.steps.lastWithVisit(executionId, node, visit);
    if (found) return found;
    if (await this.steps.isEmpty(executionId))
      throw new ApiError('NO_CHECKPOINTS', 'No step of the execution was recorded: it can be replayed.');
    const field = visit === undefined ? 'node' : 'visit';
    const error = `began in no step of the execution`;
    throw new ApiError('NO_SUCH_VISIT', 'There is no such visit.', { fields: [{ field, error }] });
  }
}
