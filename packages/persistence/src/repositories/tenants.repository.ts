import { Injectable } from '@nestjs/common';
import { TenantEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne } from './find.js';
import { put } from './write.js';

/** The tenant itself: its row is the only one of the table that its scope sees. */
@Injectable()
export class TenantsRepository {
  constructor(private readonly db: TenantDb) {}

  /** Makes or renames the scope's tenant. `name`: `[a-z0-9-]`, at most 63 */
  async upsert(name: string): Promise<void> {
    const row = { tenant_id: this.db.tenantId, id: this.db.tenantId, name };
    await put(this.db.em, TenantEntity, row, { key: ['id'], overwrite: ['name'] });
  }

  /** Whether the tenant's list of members is all of them. */
  async declareMembers(complete: boolean): Promise<void> {
    const { tenantId } = this.db;
    const row = { tenant_id: tenantId, id: tenantId, name: tenantId, members_complete: complete };
    await put(this.db.em, TenantEntity, row, { key: ['id'], overwrite: ['members_complete'] });
  }

  async get(): Promise<TenantEntity | null> {
    return findOne(this.db.em, TenantEntity, { id: this.db.tenantId });
  }
}
