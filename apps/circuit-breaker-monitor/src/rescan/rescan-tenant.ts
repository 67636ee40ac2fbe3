import type { BreakerKey } from '@aumos/agf-domain';
import { type BreakerEntity, BreakersRepository, IsolationsRepository, TenantDb } from '@aumos/agf-persistence';
import { BreakerGuard, type BreakerView } from '@aumos/agf-resilience';
import { Injectable, Logger } from '@nestjs/common';
import { EnforceIsolation } from '../isolation/enforce-isolation.js';
import { MonitorMetrics } from '../metrics/monitor-metrics.js';
import { RecordTransition } from '../transitions/record-transition.js';
import { TransitionReader } from '../transitions/transition-reader.js';
import { compareBreakers } from './compare-breakers.js';
import { foundTransition } from './found-transition.js';

const NO_KEYS: readonly BreakerKey[] = [];

/**
 * Makes a tenant's breakers in Redis and their history agree again after Redis has lost something: what is open and can
 * be restored is, isolations are applied, and the rest is told in the history as what it is. Any number of monitors may
 * do it at once.
 */
@Injectable()
export class RescanTenant {
  private readonly log = new Logger(RescanTenant.name);

  constructor(
    private readonly db: TenantDb,
    private readonly breakers: BreakersRepository,
    private readonly isolations: IsolationsRepository,
    private readonly guard: BreakerGuard,
    private readonly reader: TransitionReader,
    private readonly record: RecordTransition,
    private readonly enforce: EnforceIsolation,
    private readonly metrics: MonitorMetrics,
  ) {}

  /** @throws when Redis or PostgreSQL is away */
  async run(tenantId: string): Promise<void> {
    const before = await this.db.run(tenantId, () => this.breakers.states());
    const views = await this.guard.states(tenantId);
    const seen = new Map(views.map((view) => [view.key, view]));
    // In this order: what Redis said above is in its stream, unless that is lost.
    await this.reader.rewindIfOlder(tenantId);
    await this.reader.drain(tenantId);
    const isolated = await this.enforceIsolations(tenantId, views);
    const moved = [...new Set([...before.keys(), ...seen.keys()])].filter((key) => {
      const [history, redis] = [before.get(key), seen.get(key)];
      return history?.epoch !== redis?.epoch && (history?.state ?? 'closed') !== 'closed' || (redis?.epoch ?? 0) !== (history?.epoch ?? 0);
    });
    const known = await this.db.run(tenantId, () => this.breakers.known(moved));
    const of = <T>(all: ReadonlyMap<BreakerKey, T>): Map<BreakerKey, T> =>
      new Map(moved.flatMap((key) => (all.has(key) ? [[key, all.get(key) as T]] : [])));
    const recorded = new Map([...known].map(([key, row]) => [key, { ...row, until: row.until?.getTime() ?? null }]));
    const findings = compareBreakers({ before: of(before), seen: of(seen), recorded, isolated, now: Date.now() });
    for (const key of findings.found) await this.record.run(foundTransition(tenantId, seen.get(key)!, known.get(key)));
    for (const { key, epoch, to } of findings.lost) await this.record.loss(tenantId, key, epoch, to);
    await this.restore(tenantId, findings.restore.map((key) => known.get(key)!));
  }
}
