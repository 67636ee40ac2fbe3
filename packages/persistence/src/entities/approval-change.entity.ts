import type { ApprovalStatus } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { bigintAsNumber } from './columns.js';
import { TenantRow } from './tenant-row.js';

export type ApprovalChangeKind = 'opened' | 'changed' | 'decided';

/** That an approval became another one. Written by triggers. */
@Entity('agf_hitl_approval_changes')
export class ApprovalChangeEntity extends TenantRow {
  @Column('uuid') approval_id: string;
  @Column('text') kind: ApprovalChangeKind;
  /** what it had come to */
  @Column('text') status: ApprovalStatus;
  @Column('int') stage: number;
  /** in the order of the writes of one approval */
  @Column({ type: 'bigint', transformer: bigintAsNumber, insert: false, update: false }) seq: number;
  /** in the tenant, in the order in which they were seen first; null: not yet */
  @Column('bigint', { nullable: true, transformer: bigintAsNumber }) position: number | null;
}
