import { Column, Entity } from 'typeorm';
import { TenantRow } from './tenant-row.js';

@Entity('agf_tenants')
export class TenantEntity extends TenantRow {
  @Column('text') name: string;
  /** its list of members is all of them */
  @Column('boolean', { default: false }) members_complete: boolean;
}

@Entity('agf_tenant_quotas')
export class TenantQuotaEntity extends TenantRow {
  /** null: the platform's default */
  @Column('int', { nullable: true }) max_concurrent_workflows: number | null;
  @Column('int') in_use: number;
}
