import { type ExecutionEventType, type JsonObject } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { bigintAsNumber } from './columns.js';
import { TenantRow } from './tenant-row.js';

/** One entry of an execution's log. Written by `agf_append_execution_events` alone. */
@Entity('agf_execution_events')
export class ExecutionEventEntity extends TenantRow {
  @Column('uuid') execution_id: string;
  /** from 1, without a gap */
  @Column('bigint', { transformer: bigintAsNumber }) seq: number;
  @Column('text') type: ExecutionEventType;
  @Column('jsonb') data: JsonObject;
}
