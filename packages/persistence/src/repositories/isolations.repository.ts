import { type BreakerIsolation, BreakerIsolations, type BreakerKey } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { BreakerIsolationEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { put } from './write.js';

const LOCK = `select pg_advisory_xact_lock(hashtextextended('agf-breaker-isolation/' || $1 || '/' || $2, 0))`;
const IN_FORCE = 'expires_at is null or expires_at > clock_timestamp()';

const isolationOf = (row: BreakerIsolationEntity): BreakerIsolation => ({
  key: row.circuit_key,
  reason: row.reason,
  by: row.isolated_by,
  since: row.since.toISOString(),
  until: row.expires_at?.toISOString() ?? null,
});

/** What people have taken out of use. Every method but `of` needs an open tenant scope. */
@Injectable()
export class IsolationsRepository extends BreakerIsolations {
  constructor(private readonly db: TenantDb) {
    super();
  }

  /** Those in force; in a scope of its own. */
  override async of(tenantId: string): Promise<BreakerIsolation[]> {
    return this.db.run(tenantId, () => this.inForce());
  }

  async inForce(): Promise<BreakerIsolation[]> {
    const rows = this.db.em.createQueryBuilder(BreakerIsolationEntity, 'i').where(IN_FORCE);
    return (await rows.orderBy('i.circuit_key').getMany()).map(isolationOf);
  }

  /** In force; null where there is none. */
  async get(key: BreakerKey): Promise<BreakerIsolation | null> {
    const row = this.db.em.createQueryBuilder(BreakerIsolationEntity, 'i').where({ circuit_key: key });
    const found = await row.andWhere(`(${IN_FORCE})`).getOne();
    return found && isolationOf(found);
  }

  /** Until the scope ends nobody else changes this breaker's isolation, or what Redis has of it. */
  async lock(key: BreakerKey): Promise<void> {
    await this.db.em.query(LOCK, [this.db.tenantId, key]);
  }

  /** Takes the place of one that is there. */
  async put({ key, reason, by, since, until }: BreakerIsolation): Promise<void> {
    const row = {
      tenant_id: this.db.tenantId,
      circuit_key: key,
      reason,
      isolated_by: by,
      since: new Date(since),
      expires_at: until === null ? null : new Date(until),
    };
    await put(this.db.em, BreakerIsolationEntity, row, {
      key: ['circuit_key'],
      overwrite: ['reason', 'isolated_by', 'since', 'expires_at'],
    });
  }

  /** False where there was none in force; one whose time is over goes all the same. */
  async remove(key: BreakerKey): Promise<boolean> {
    const was = await this.get(key);
    await this.db.em.delete(BreakerIsolationEntity, { tenant_id: this.db.tenantId, circuit_key: key });
    return was !== null;
  }
}
