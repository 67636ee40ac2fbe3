import { type JsonObject } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { checkedJson } from './columns.js';
import { TenantRow } from './tenant-row.js';

export const TRACE_KINDS = ['llm', 'tool', 'hitl', 'breaker', 'privilege'] as const;
export type TraceKind = (typeof TRACE_KINDS)[number];

@Entity('agf_execution_traces')
export class TraceEntity extends TenantRow {
  @Column('uuid') execution_id: string;
  @Column('text', { nullable: true }) node: string | null;
  @Column('int', { nullable: true }) visit: number | null;
  @Column('text') kind: TraceKind;
  @Column('text') name: string;
  @Column('jsonb', { transformer: checkedJson }) attributes: JsonObject;
  @Column('timestamptz') started_at: Date;
  @Column('int', { nullable: true }) duration_ms: number | null;
  @Column('text', { nullable: true }) traceparent: string | null;
}
