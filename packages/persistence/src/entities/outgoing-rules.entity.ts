import { Column, Entity } from 'typeorm';
import { TenantRow } from './tenant-row.js';

/** Where the tenant's tools may go; one row a tenant. */
@Entity('agf_outgoing_rules')
export class OutgoingRulesEntity extends TenantRow {
  @Column('text', { array: true }) only_hosts: string[];
  @Column('text') updated_by: string;
}
