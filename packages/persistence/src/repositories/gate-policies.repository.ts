import type { GatePolicy } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { GatePolicyEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findAll, findOne } from './find.js';
import { put } from './write.js';

/** What a tenant asks of calls above the gates of its workflows. Every method but `of` needs an open tenant scope. */
@Injectable()
export class GatePoliciesRepository {
  constructor(private readonly db: TenantDb) {}

  /** By name. */
  async list(): Promise<GatePolicyEntity[]> {
    return findAll(this.db.em, GatePolicyEntity, { tenant_id: this.db.tenantId }, { name: 'ASC' });
  }

  /** The policies themselves, by name. */
  async now(): Promise<GatePolicy[]> {
    return (await this.list()).map(({ policy }) => policy);
  }

  /** The same in a scope of its own. */
  async of(tenantId: string): Promise<GatePolicy[]> {
    return this.db.run(tenantId, () => this.now());
  }

  async get(name: string): Promise<GatePolicyEntity | null> {
    return findOne(this.db.em, GatePolicyEntity, { name });
  }

  /** The one of its name is replaced. */
  async put(policy: GatePolicy, updated_by: string): Promise<void> {
    const row = { tenant_id: this.db.tenantId, name: policy.name, policy, updated_by };
    await put(this.db.em, GatePolicyEntity, row, { key: ['name'], overwrite: ['policy', 'updated_by'] });
  }

  /** False: there was none. */
  async remove(name: string): Promise<boolean> {
    const { affected } = await this.db.em.delete(GatePolicyEntity, { tenant_id: this.db.tenantId, name });
    return affected === 1;
  }
}
