import { Column, Entity } from 'typeorm';
import { TenantRow } from './tenant-row.js';

@Entity('agf_idempotency_keys')
export class IdempotencyKeyEntity extends TenantRow {
  /** what the key is for, e.g. `execute` */
  @Column('text') scope: string;
  @Column('text') key: string;
  @Column('text') body_hash: string;
  @Column('uuid') resource_id: string;
  @Column('timestamptz') expires_at: Date;
}
