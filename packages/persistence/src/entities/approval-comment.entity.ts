import { Column, Entity } from 'typeorm';
import { TenantRow } from './tenant-row.js';

/** What somebody says of an approval; it decides nothing. */
@Entity('agf_hitl_comments')
export class ApprovalCommentEntity extends TenantRow {
  @Column('uuid') approval_id: string;
  @Column('text') actor: string;
  @Column('text') text: string;
}
