import { type BreakerKey } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { TenantRow } from './tenant-row.js';

/** What somebody has taken out of use. */
@Entity('agf_breaker_isolations')
export class BreakerIsolationEntity extends TenantRow {
  @Column('text') circuit_key: BreakerKey;
  @Column('text') reason: string;
  /** a token's sub */
  @Column('text') isolated_by: string;
  @Column('timestamptz') since: Date;
  /** null: until it is released */
  @Column('timestamptz', { nullable: true }) expires_at: Date | null;
}
