import { type AggregateType, type EventType, type JsonObject } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { bigintAsNumber, checkedJson } from './columns.js';
import { TenantRow } from './tenant-row.js';

/** `id` is the event's id. Written by the function `agf_append_event` alone, marked by the relay alone. */
@Entity('agf_outbox')
export class OutboxEntity extends TenantRow {
  @Column({ type: 'bigint', transformer: bigintAsNumber, insert: false, update: false }) seq: number;
  /** 0..15, from the aggregate's key */
  @Column('int') shard: number;
  @Column('text') event_type: EventType;
  @Column('text') aggregate_type: AggregateType;
  @Column('text') aggregate_id: string;
  /** 1..n within the aggregate */
  @Column('bigint', { transformer: bigintAsNumber }) version: number;
  @Column('text') actor_id: string;
  @Column('text') correlation_id: string;
  @Column('timestamptz') occurred_at: Date;
  @Column('jsonb', { transformer: checkedJson }) data: JsonObject;
  @Column('text', { nullable: true }) traceparent: string | null;
  @Column('timestamptz', { nullable: true }) published_at: Date | null;
  /** with published_at null: a send was begun and its end is not known */
  @Column('timestamptz', { nullable: true }) sending_at: Date | null;
  @Column('int') failed_attempts: number;
  @Column('text', { nullable: true }) last_error: string | null;
  @Column('timestamptz', { nullable: true }) retry_at: Date | null;
}

@Entity('agf_inbox')
export class InboxEntity extends TenantRow {
  @Column('text') consumer_group: string;
  @Column('uuid') event_id: string;
  @Column('text') event_type: string;
  @Column('text', { nullable: true }) aggregate_key: string | null;
  @Column('bigint', { nullable: true, transformer: bigintAsNumber }) aggregate_version: number | null;
}
