import { type Notice, type NoticeKind } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { checkedJson } from './columns.js';
import { TenantRow } from './tenant-row.js';

/** Something people are to be told of an approval. */
@Entity('agf_hitl_notices')
export class NoticeEntity extends TenantRow {
  @Column('uuid') approval_id: string;
  @Column('text') kind: NoticeKind;
  @Column('text') key: string;
  @Column('jsonb', { nullable: true, transformer: checkedJson }) to: Notice['to'] | null;
  /** when it was handed to the tenant's channels; null: not yet */
  @Column('timestamptz', { nullable: true }) sent_at: Date | null;
}
