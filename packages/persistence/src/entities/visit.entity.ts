import { type ExecutionError, type Json, type VisitStatus } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { checkedJson } from './columns.js';
import { TenantRow } from './tenant-row.js';

/** The journal: the row that `/nodes` shows, and what answers a repeated attempt. */
@Entity('agf_node_visits')
export class VisitEntity extends TenantRow {
  @Column('uuid') execution_id: string;
  @Column('text') node: string;
  @Column('int') visit: number;
  @Column('int') step: number;
  /** index within a for_each */
  @Column('int', { nullable: true }) item: number | null;
  /** the node's type */
  @Column('text') type: string;
  @Column('text') status: VisitStatus;
  @Column('int') attempts: number;
  @Column('jsonb', { nullable: true, transformer: checkedJson }) input: Json;
  @Column('jsonb', { nullable: true, transformer: checkedJson }) output: Json;
  @Column('jsonb', { nullable: true, transformer: checkedJson }) error: ExecutionError | null;
  @Column('uuid', { nullable: true }) approval_id: string | null;
  /** of a workflow node: the execution that it started */
  @Column('uuid', { nullable: true }) child_execution_id: string | null;
  @Column('timestamptz') started_at: Date;
  @Column('timestamptz', { nullable: true }) completed_at: Date | null;
}
