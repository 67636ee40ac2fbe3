import { ApiError, type BreakerKey } from '@aumos/agf-domain';
import { BreakerGuard, type BreakerView } from '@aumos/agf-resilience';
import { Injectable } from '@nestjs/common';

/** The states as Redis has them: what is not known is not shown. */
@Injectable()
export class ReadStates {
  constructor(private readonly guard: BreakerGuard) {}

  /** @throws ApiError SERVICE_UNAVAILABLE while Redis is away */
  async run(tenantId: string, keys?: readonly BreakerKey[]): Promise<BreakerView[]> {
    try {
      return await this.guard.states(tenantId, keys);
    } catch {
      throw new ApiError('SERVICE_UNAVAILABLE', 'The states of breakers cannot be read now.', {
        retry_after_seconds: 2,
      });
    }
  }
}
