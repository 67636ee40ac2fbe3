import { type ExecutionEntity } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import type { ReplayDto } from './anew.dto.js';
import { type AnewRequest, MakeExecutionOf } from './make-execution-of.js';

/** A new execution of the same version from its start, with the other one's input or another. */
@Injectable()
export class ReplayExecution {
  constructor(private readonly make: MakeExecutionOf) {}

  /** @throws ApiError NOT_FOUND, VALIDATION_ERROR for an input that does not fit, and what a start throws */
  async run(request: AnewRequest<ReplayDto>): Promise<ExecutionEntity> {
    const { override_input: input } = request.body;
    const override = input === undefined ? undefined : { input, input_member: 'override_input' };
    return this.make.run(
      { ...request, body: input === undefined ? {} : { override_input: input } },
      ({ id }) => ({ kind: 'replay', execution_id: id }),
      'replay',
      override,
    );
  }
}
