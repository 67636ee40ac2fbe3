import type { BreakerKey } from '@aumos/agf-domain';
import { type BreakerEntity, BreakersRepository, TenantDb } from '@aumos/agf-persistence';
import { BreakerGuard } from '@aumos/agf-resilience';
import { Injectable, Logger } from '@nestjs/common';
import { EnforceIsolations } from '../isolation/enforce-isolations.js';
import { RecordTransitions } from '../transitions/record-transitions.js';
import { TransitionReader } from '../transitions/transition-reader.js';
import { compareBreakers, differing, type Recorded } from './compare-breakers.js';
import { foundTransition } from './found-transition.js';

const NEVER = new AbortController().signal;

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
    private readonly guard: BreakerGuard,
    private readonly reader: TransitionReader,
    private readonly record: RecordTransitions,
    private readonly isolations: EnforceIsolations,
  ) {}

  /** @throws when Redis or PostgreSQL is away */
  async run(tenantId: string, stop: AbortSignal = NEVER): Promise<void> {
    const before = await this.db.run(tenantId, () => this.breakers.states());
    const views = await this.guard.states(tenantId);
    const seen = new Map(views.map((view) => [view.key, view]));
    const isolated = await this.isolations.run(tenantId, views);
    const keys = differing({ before, seen });
    if (keys.length === 0) return;
    // What Redis said above is in its stream, unless that is lost.
    await this.reader.rewindIfOlder(tenantId);
    await this.reader.drain(tenantId, stop);
    if (stop.aborted) return;
    const known = await this.db.run(tenantId, () => this.breakers.known(keys));
    const recorded = new Map([...known].map(([key, row]) => [key, recordedOf(row)]));
    const { found, lost, restore } = compareBreakers({ before, seen, recorded, isolated, now: Date.now() });
    for (const key of found) {
      const transition = foundTransition(tenantId, seen.get(key)!, known.get(key), Date.now());
      if (await this.record.run(tenantId, [transition]))
        this.log.warn({ msg: 'found a breaker changed', circuit_key: key });
    }
    for (const { key, epoch, to } of lost)
      if (await this.record.loss(tenantId, key, epoch, to))
        this.log.warn({ msg: 'Redis has lost the state of a breaker', circuit_key: key });
    await this.restore(tenantId, restore, known);
  }

  private async restore(
    tenantId: string,
    keys: readonly BreakerKey[],
    known: ReadonlyMap<BreakerKey, BreakerEntity>,
  ): Promise<void> {
    if (keys.length === 0) return;
    const rows = keys.map((key) => known.get(key)!);
    const restored = await this.guard.restore(
      tenantId,
      rows.map(({ circuit_key: key, epoch, since, until, failure_count }) => ({
        ...{ key, epoch, failure_count },
        ...{ since: since.toISOString(), until: until!.toISOString() },
      })),
    );
    if (restored > 0) this.log.warn({ msg: 'opened again what Redis had lost', tenant_id: tenantId, restored });
  }
}

const recordedOf = ({ state, epoch, until }: BreakerEntity): Recorded => ({
  state,
  epoch,
  until: until?.getTime() ?? null,
});
