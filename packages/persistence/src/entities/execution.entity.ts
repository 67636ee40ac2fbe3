import {
  type ExecutionError,
  type ExecutionStatus,
  type Json,
  type JsonObject,
  type Permit,
  type PrivilegeLevel,
  type Role,
} from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { checkedJson } from './columns.js';
import { TenantRow } from './tenant-row.js';

export type OriginKind = 'retry' | 'fork' | 'replay';

@Entity('agf_workflow_executions')
export class ExecutionEntity extends TenantRow {
  @Column('uuid') workflow_id: string;
  @Column('int') workflow_version: number;
  @Column('text') status: ExecutionStatus;
  @Column('text', { nullable: true }) current_node: string | null;
  @Column('jsonb', { transformer: checkedJson }) input_data: Json;
  @Column('jsonb', { nullable: true, transformer: checkedJson }) output_data: Json;
  @Column('jsonb', { nullable: true, transformer: checkedJson }) error_details: ExecutionError | null;
  @Column('text') temporal_workflow_id: string;
  /** the starter's sub */
  @Column('text') initiator: string;
  @Column('int') initiator_level: PrivilegeLevel;
  @Column('text', { array: true }) initiator_roles: Role[];
  @Column('int') open_approvals: number;
  /** whether one of the tenant's slots is counted for it */
  @Column('boolean') holds_slot: boolean;
  /** somebody wants it to stand still */
  @Column('boolean') paused: boolean;
  /** for a time or a signal */
  @Column('boolean') waiting: boolean;
  /** the newest of what was told of its waiting */
  @Column('int') waiting_mark: number;
  @Column('jsonb', { nullable: true, transformer: checkedJson }) breaker_permit: Permit | null;
  @Column('text', { nullable: true }) traceparent: string | null;
  @Column('text') correlation_id: string;
  /** of an invocation: where its agent remembers, as lists of sessions show it */
  @Column('text', { nullable: true }) session_id: string | null;
  /** how it was made of another one; null: it was started */
  @Column('text', { nullable: true }) origin_kind: OriginKind | null;
  /** null also when the other one has been removed since */
  @Column('uuid', { nullable: true }) origin_execution_id: string | null;
  /** where it begins in the other one; null: at the start */
  @Column('text', { nullable: true }) origin_node: string | null;
  @Column('int', { nullable: true }) origin_visit: number | null;
  @Column('int', { nullable: true }) origin_step: number | null;
  /** channels that a fork changes */
  @Column('jsonb', { nullable: true, transformer: checkedJson }) origin_state: JsonObject | null;
  @Column('timestamptz', { nullable: true }) dispatched_at: Date | null;
  @Column('timestamptz', { nullable: true }) cancel_requested_at: Date | null;
  @Column('text', { nullable: true }) cancel_requested_by: string | null;
  @Column('timestamptz', { nullable: true }) cancel_delivered_at: Date | null;
  @Column('timestamptz', { nullable: true }) started_at: Date | null;
  @Column('timestamptz', { nullable: true }) completed_at: Date | null;
  /** the execution whose visit this one is; null for a root, like the next three */
  @Column('uuid', { nullable: true }) parent_execution_id: string | null;
  @Column('uuid', { nullable: true }) root_execution_id: string | null;
  @Column('text', { nullable: true }) parent_node: string | null;
  @Column('int', { nullable: true }) parent_visit: number | null;
  /** of that visit: each has an execution of its own */
  @Column('int', { default: 1 }) parent_attempt: number;
  /** executions above it */
  @Column('int') depth: number;
  /** the parent's effective level */
  @Column('int', { nullable: true }) privilege_ceiling: PrivilegeLevel | null;
  /** the execution whose tool started it, as an execution of its own; it may be gone */
  @Column('uuid', { nullable: true }) started_by_execution_id: string | null;
  /** such starts that lead down to it */
  @Column('int', { default: 0 }) start_depth: number;
}

/** One approval an execution paused for: makes pause and resume repeatable. */
@Entity('agf_execution_pauses')
export class ExecutionPauseEntity extends TenantRow {
  @Column('uuid') execution_id: string;
  @Column('uuid') approval_id: string;
  @Column('timestamptz', { nullable: true }) paused_at: Date | null;
  @Column('timestamptz', { nullable: true }) resumed_at: Date | null;
}
