import { Injectable } from '@nestjs/common';
import { OutgoingRulesEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne } from './find.js';
import { put } from './write.js';

/** Where a tenant's tools may go. Every method but `onlyOf` needs an open tenant scope. */
@Injectable()
export class OutgoingRulesRepository {
  constructor(private readonly db: TenantDb) {}

  /** Null: to every public address. */
  async get(): Promise<OutgoingRulesEntity | null> {
    return findOne(this.db.em, OutgoingRulesEntity, { tenant_id: this.db.tenantId });
  }

  /** In a scope of its own. */
  async onlyOf(tenantId: string): Promise<readonly string[] | null> {
    return this.db.run(tenantId, async () => (await this.get())?.only_hosts ?? null);
  }

  async put(only_hosts: string[], updated_by: string): Promise<void> {
    const row = { tenant_id: this.db.tenantId, only_hosts, updated_by };
    await put(this.db.em, OutgoingRulesEntity, row, { key: [], overwrite: ['only_hosts', 'updated_by'] });
  }

  /** From now on to every public address. False: so it was. */
  async remove(): Promise<boolean> {
    const { affected } = await this.db.em.delete(OutgoingRulesEntity, { tenant_id: this.db.tenantId });
    return affected === 1;
  }
}
