import { Injectable } from '@nestjs/common';
import { TenantQuotaEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { put } from './write.js';

/** Makes the tenant's row or counts in it, in one statement: the row's lock is what makes the limit exact. */
const TAKE = `
  insert into agf_tenant_quotas as q (tenant_id, in_use) values ($1, 1)
  on conflict (tenant_id) do update set in_use = q.in_use + 1
    where $2::int is null or q.in_use < coalesce(q.max_concurrent_workflows, $2)
  returning in_use`;

const RELEASE = {
  name: 'agf_release_slot',
  text: 'update agf_tenant_quotas set in_use = in_use - 1 where in_use > 0',
};

/**
 * The tenant's slots for executions at once. Every method needs an open tenant scope.
 * ExecutionsRepository takes and gives slots back by itself; what is here is for what is no execution, and for repairs.
 */
@Injectable()
export class QuotaRepository {
  constructor(private readonly db: TenantDb) {}

  /** False when the tenant's own limit, or `defaultLimit` where it has none, is reached. */
  async takeSlot(defaultLimit: number): Promise<boolean> {
    const rows = await this.db.em.query<unknown[]>(TAKE, [this.db.tenantId, defaultLimit]);
    return rows.length === 1;
  }

  /** Counts a slot, at the commit, whatever the limit says: what was paused goes on. */
  forceTake(): void {
    this.db.atCommit({ text: TAKE, values: [this.db.tenantId, null] });
  }

  /** Gives one back at the commit, if one was taken: the row is everybody's who starts or ends an execution. */
  releaseSlot(): void {
    this.db.atCommit(RELEASE);
  }

  /** What the tenant uses and may use; `limit` null: the platform's default. */
  async usage(): Promise<{ in_use: number; limit: number | null }> {
    const row = await this.db.em.findOne(TenantQuotaEntity, { where: {} });
    return { in_use: row?.in_use ?? 0, limit: row?.max_concurrent_workflows ?? null };
  }

  /** `limit` null: the platform's default. */
  async setLimit(limit: number | null): Promise<void> {
    const row = { tenant_id: this.db.tenantId, in_use: 0, max_concurrent_workflows: limit };
    await put(this.db.em, TenantQuotaEntity, row, { key: [], overwrite: ['max_concurrent_workflows'] });
  }
}
