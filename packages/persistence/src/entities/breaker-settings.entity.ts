import type { BreakerSettings } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { checkedJson } from './columns.js';
import { TenantRow } from './tenant-row.js';

/** How the tenant's breakers behave where neither definition nor agent says; one row a tenant. */
@Entity('agf_breaker_settings')
export class BreakerSettingsEntity extends TenantRow {
  @Column('jsonb', { transformer: checkedJson }) settings: BreakerSettings;
  @Column('text') updated_by: string;
}
