import { type JsonObject } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { bigintAsNumber, checkedJson } from './columns.js';
import { TenantRow } from './tenant-row.js';

/** Append only: the application's role can neither change nor delete a row. */
@Entity('agf_audit_log')
export class AuditEntity extends TenantRow {
  @Column({ type: 'bigint', transformer: bigintAsNumber, insert: false, update: false }) seq: number;
  @Column('text') actor_id: string;
  /** e.g. `approval.approve` */
  @Column('text') action: string;
  @Column('text') resource_type: string;
  @Column('text') resource_id: string;
  @Column('text') outcome: 'allowed' | 'denied';
  @Column('jsonb', { transformer: checkedJson }) details: JsonObject;
}
