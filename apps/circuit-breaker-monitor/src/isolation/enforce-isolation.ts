import type { BreakerKey } from '@aumos/agf-domain';
import { IsolationsRepository, TenantDb } from '@aumos/agf-persistence';
import { BreakerGuard } from '@aumos/agf-resilience';
import { Injectable, Logger } from '@nestjs/common';

/**
 * Brings Redis to what PostgreSQL says of one breaker's isolation, whoever has changed it: under its lock, so that of
 * two changes at once the later one stands in both.
 */
@Injectable()
export class EnforceIsolation {
  private readonly log = new Logger(EnforceIsolation.name);

  constructor(
    private readonly db: TenantDb,
    private readonly isolations: IsolationsRepository,
    private readonly guard: BreakerGuard,
  ) {}

  /** @throws when Redis is away */
  async run(tenantId: string, key: BreakerKey): Promise<void> {
    await this.db.run(tenantId, async () => {
      await this.isolations.lock(key);
      const isolation = await this.isolations.get(key);
      if (isolation) return this.guard.isolate(tenantId, isolation);
      const { isolated } = await this.guard.state(tenantId, key);
      if (isolated) await this.guard.release(tenantId, key);
    });
  }

  /** The same; what fails now the next rescan does. @returns whether it was done */
  async attempt(tenantId: string, key: BreakerKey): Promise<boolean> {
    try {
      await this.run(tenantId, key);
      return true;
    } catch (err) {
      this.log.warn({ err, msg: 'an isolation is not in Redis yet', circuit_key: key });
      return false;
    }
  }
}
