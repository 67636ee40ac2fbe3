import { type ApproverGroup, type Role } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { TenantRow } from './tenant-row.js';
import { checkedJson } from './columns.js';

/** People who decide, by what a gate or a policy calls them. */
@Entity('agf_approver_groups')
export class ApproverGroupEntity extends TenantRow {
  @Column('text') name: string;
  /** subs */
  @Column('text', { array: true }) members: string[];
  @Column('text', { array: true }) roles: Role[];
  @Column('jsonb', { transformer: checkedJson }) claims: ApproverGroup['claims'];
  @Column('text') updated_by: string;
}
