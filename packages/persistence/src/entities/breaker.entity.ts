import { type BreakerKey, type BreakerState } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { bigintAsNumber } from './columns.js';
import { TenantRow } from './tenant-row.js';

@Entity('agf_circuit_breakers')
export class BreakerEntity extends TenantRow {
  @Column('text') circuit_key: BreakerKey;
  @Column('text') state: BreakerState;
  @Column('bigint', { transformer: bigintAsNumber }) epoch: number;
  @Column('int') failure_count: number;
  @Column('text') reason: string;
  @Column('timestamptz') since: Date;
}

@Entity('agf_circuit_breaker_transitions')
export class BreakerTransitionEntity extends TenantRow {
  @Column('text') circuit_key: BreakerKey;
  @Column('text') from_state: BreakerState;
  @Column('text') to_state: BreakerState;
  @Column('bigint', { transformer: bigintAsNumber }) epoch: number;
  @Column('int') failure_count: number;
  @Column('text') reason: string;
  @Column('timestamptz') at: Date;
  /** id of the entry in the tenant's Redis stream */
  @Column('text') stream_id: string;
}
