import { type BusinessHours } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { BusinessHoursEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne } from './find.js';
import { put } from './write.js';

/** Which hours a tenant's approvals count. Every method but `of` needs an open tenant scope. */
@Injectable()
export class BusinessHoursRepository {
  constructor(private readonly db: TenantDb) {}

  /** Null: every hour counts. */
  async get(): Promise<BusinessHoursEntity | null> {
    return findOne(this.db.em, BusinessHoursEntity, { tenant_id: this.db.tenantId });
  }

  /** In a scope of its own. */
  async of(tenantId: string): Promise<BusinessHours | null> {
    return this.db.run(tenantId, async () => (await this.get())?.hours ?? null);
  }

  async put(hours: BusinessHours, updated_by: string): Promise<void> {
    const row = { tenant_id: this.db.tenantId, hours, updated_by };
    await put(this.db.em, BusinessHoursEntity, row, { key: [], overwrite: ['hours', 'updated_by'] });
  }

  /** From now on every hour counts. False: so it was. */
  async remove(): Promise<boolean> {
    const { affected } = await this.db.em.delete(BusinessHoursEntity, { tenant_id: this.db.tenantId });
    return affected === 1;
  }
}
