import type { BreakerSettings } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { BreakerSettingsEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne } from './find.js';
import { put } from './write.js';

/** A tenant's own settings of breakers. Every method but `of` needs an open tenant scope. */
@Injectable()
export class BreakerSettingsRepository {
  constructor(private readonly db: TenantDb) {}

  /** Null: the platform's. */
  async get(): Promise<BreakerSettingsEntity | null> {
    return findOne(this.db.em, BreakerSettingsEntity, { tenant_id: this.db.tenantId });
  }

  /** In a scope of its own. @returns nothing of what the tenant leaves to the platform */
  async of(tenantId: string): Promise<BreakerSettings> {
    return this.db.run(tenantId, async () => (await this.get())?.settings ?? {});
  }

  /** All of them are replaced. */
  async put(settings: BreakerSettings, updated_by: string): Promise<void> {
    const row = { tenant_id: this.db.tenantId, settings, updated_by };
    await put(this.db.em, BreakerSettingsEntity, row, { key: [], overwrite: ['settings', 'updated_by'] });
  }
}
