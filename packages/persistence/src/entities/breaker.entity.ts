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
  /** of an open one: when it may be probed; null: otherwise, or without end */
  @Column('timestamptz', { nullable: true }) until: Date | null;
  /** when it last left closed; null while it is closed */
  @Column('timestamptz', { nullable: true }) unclosed_since: Date | null;
  /** ms, how long it was last opened for */
  @Column('bigint', { nullable: true, transformer: bigintAsNumber }) reset_ms: number | null;
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
  /** 1..n in the tenant, in the order of their commits */
  @Column('bigint', { transformer: bigintAsNumber }) position: number;
  @Column('int') call_count: number;
  @Column('int') slow_count: number;
  @Column('timestamptz', { nullable: true }) until: Date | null;
}
