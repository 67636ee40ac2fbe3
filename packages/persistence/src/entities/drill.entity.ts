import { type DrillReport } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { TenantRow } from './tenant-row.js';

@Entity('agf_breaker_drills')
export class DrillEntity extends TenantRow {
  @Column('text') tool: string;
  /** that the tool fails */
  @Column('int') seconds: number;
  /** that the recovery is watched after that, at most */
  @Column('int') recovery_seconds: number;
  @Column('text') started_by: string;
  @Column('timestamptz') fault_ends_at: Date;
  /** at the latest */
  @Column('timestamptz') ends_at: Date;
  @Column('int') calls_failed: number;
  @Column('timestamptz', { nullable: true }) first_failed_at: Date | null;
  @Column('timestamptz', { nullable: true }) completed_at: Date | null;
  @Column('jsonb', { nullable: true }) report: DrillReport | null;
}
