import type { BreakerKey } from '@aumos/agf-domain';
import { IsolationsRepository } from '@aumos/agf-persistence';
import { type BreakerView } from '@aumos/agf-resilience';
import { Injectable } from '@nestjs/common';
import { EnforceIsolation } from './enforce-isolation.js';

/** All of a tenant: what is isolated in PostgreSQL alone, or in Redis alone. */
@Injectable()
export class EnforceIsolations {
  constructor(
    private readonly isolations: IsolationsRepository,
    private readonly enforce: EnforceIsolation,
  ) {}

  /** @param views all of the tenant's breakers in Redis @returns what is isolated in PostgreSQL */
  async run(tenantId: string, views: readonly BreakerView[]): Promise<Set<BreakerKey>> {
    const inForce = new Set((await this.isolations.of(tenantId)).map(({ key }) => key));
    const inRedis = new Set(views.filter(({ isolated }) => isolated).map(({ key }) => key));
    const unlike = [
      ...[...inForce].filter((key) => !inRedis.has(key)),
      ...[...inRedis].filter((key) => !inForce.has(key)),
    ];
    for (const key of unlike) await this.enforce.run(tenantId, key);
    return inForce;
  }
}
