import { type JsonObject } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { bigintAsNumber, checkedJson } from './columns.js';
import { TenantRow } from './tenant-row.js';

/**
 * Append only: the application's role can neither change nor delete a row. A trigger gives each its place in its tenant's
 * chain, its hash and its time.
 */
@Entity('agf_audit_log')
export class AuditEntity extends TenantRow {
  /** from 1, without gaps */
  @Column({ type: 'bigint', transformer: bigintAsNumber, insert: false, update: false }) position: number;
  @Column({ type: 'text', insert: false, update: false }) previous_hash: string;
  @Column({ type: 'text', insert: false, update: false }) hash: string;
  @Column('text') actor_id: string;
  /** e.g. `approval.approve` */
  @Column('text') action: string;
  @Column('text') resource_type: string;
  @Column('text') resource_id: string;
  @Column('text') outcome: 'allowed' | 'denied';
  @Column('jsonb', { transformer: checkedJson }) details: JsonObject;
}
