import { type BusinessHours } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { checkedJson } from './columns.js';
import { TenantRow } from './tenant-row.js';

/** Which hours the tenant's approvals count; one row a tenant. */
@Entity('agf_business_hours')
export class BusinessHoursEntity extends TenantRow {
  @Column('jsonb', { transformer: checkedJson }) hours: BusinessHours;
  @Column('text') updated_by: string;
}
