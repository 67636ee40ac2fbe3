import type { BreakerKey } from '@aumos/agf-domain';
import { BreakerFactsRepository, CallStatisticsRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { FindBreaker } from '../breakers/find-breaker.js';
import { callsView } from './statistics.convert.js';
import type { StatisticsView, TenantStatisticsView } from './statistics.view.js';

const SUBJECTS = 20;
const HOUR_MS = 3_600_000;

/** The beginning of the hour that was so many hours ago. */
const sinceOf = (now: Date, hours: number): Date =>
  new Date(Math.floor((now.getTime() - hours * HOUR_MS) / HOUR_MS) * HOUR_MS);

/** How a tenant's workflows and agents do. */
@Injectable()
export class ReadStatistics {
  constructor(
    private readonly db: TenantDb,
    private readonly find: FindBreaker,
    private readonly statistics: CallStatisticsRepository,
    private readonly facts: BreakerFactsRepository,
  ) {}

  async ofTenant(tenantId: string, hours: number): Promise<TenantStatisticsView> {
    return this.db.run(tenantId, async () => {
      const now = new Date();
      const since = sinceOf(now, hours);
      const all = await this.read(null, now, hours);
      const keys = await this.statistics.busiest(since, SUBJECTS);
      const names = await this.facts.names(keys);
      const subjects: TenantStatisticsView['subjects'] = [];
      for (const key of keys) {
        const calls = callsView(await this.statistics.of(since, [key]), hours);
        subjects.push({ circuit_key: key, name: names.get(key) ?? null, ...calls });
      }
      return { ...all, subjects };
    });
  }

  /** @throws ApiError NOT_FOUND */
  async ofBreaker(tenantId: string, text: string, hours: number): Promise<StatisticsView> {
    const key = await this.find.key(tenantId, text);
    return this.db.run(tenantId, () => this.read(key, new Date(), hours));
  }

  private async read(key: BreakerKey | null, now: Date, hours: number): Promise<StatisticsView> {
    const since = sinceOf(now, hours);
    const calls = await this.statistics.of(since, key === null ? null : [key]);
    const breakers = await this.statistics.times(since, now, key);
    return { since: since.toISOString(), ...callsView(calls, hours), breakers };
  }
}
