import { type BreakerKey } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { TenantRow } from './tenant-row.js';

/** What a workflow or an agent did in an hour, counted from events. */
@Entity('agf_call_statistics')
export class CallStatisticsEntity extends TenantRow {
  @Column('text') circuit_key: BreakerKey;
  @Column('timestamptz') hour: Date;
  @Column('int') started: number;
  @Column('int') completed: number;
  @Column('int') failed: number;
  @Column('int') cancelled: number;
  @Column('int') paused: number;
  @Column('int') invoked: number;
  /** how often, by code */
  @Column('jsonb') failures: Record<string, number>;
  /** how many, by `durationBucket` */
  @Column('jsonb') durations: Record<string, number>;
}
