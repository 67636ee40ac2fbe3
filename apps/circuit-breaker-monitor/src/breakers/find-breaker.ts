import type { BreakerKey } from '@aumos/agf-domain';
import { BreakersRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import type { BreakerView } from '@aumos/agf-resilience';
import { Injectable } from '@nestjs/common';
import { BreakerSubject } from '../isolation/breaker-subject.js';
import { breakerKeyOf } from './breaker-key.js';
import { ReadStates } from './read-states.js';

/** A breaker that is there: of something that the tenant has, or that it had and that was asked for once. */
@Injectable()
export class FindBreaker {
  constructor(
    private readonly db: TenantDb,
    private readonly breakers: BreakersRepository,
    private readonly subject: BreakerSubject,
    private readonly states: ReadStates,
  ) {}

  /** @throws ApiError NOT_FOUND; SERVICE_UNAVAILABLE while Redis is away */
  async run(tenantId: string, text: string): Promise<BreakerView> {
    const key = breakerKeyOf(text);
    const [state] = await this.states.run(tenantId, [key]);
    if (!state || !(await this.isKnown(tenantId, key, state))) throw notFound();
    return state;
  }

  /** @throws ApiError NOT_FOUND: what may be seen while Redis is away as well */
  async key(tenantId: string, text: string): Promise<BreakerKey> {
    const key = breakerKeyOf(text);
    if (!(await this.isRecorded(tenantId, key))) throw notFound();
    return key;
  }

  private async isKnown(tenantId: string, key: BreakerKey, state: BreakerView): Promise<boolean> {
    return state.epoch > 0 || state.calls > 0 || (await this.isRecorded(tenantId, key));
  }

  private async isRecorded(tenantId: string, key: BreakerKey): Promise<boolean> {
    return this.db.run(
      tenantId,
      async () => (await this.breakers.get(key)) !== null || (await this.subject.exists(key)),
    );
  }
}
