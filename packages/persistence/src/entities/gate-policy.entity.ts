import type { GatePolicy } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { checkedJson } from './columns.js';
import { TenantRow } from './tenant-row.js';

/** What the tenant asks of calls above the gates of its workflows. */
@Entity('agf_gate_policies')
export class GatePolicyEntity extends TenantRow {
  @Column('text') name: string;
  @Column('jsonb', { transformer: checkedJson }) policy: GatePolicy;
  @Column('text') updated_by: string;
}
