import {
  type ApprovalRule,
  type ApprovalStatus,
  type ApprovalTimes,
  type ApproverRef,
  type Decision,
  type Json,
  type JsonObject,
  type JsonSchema,
  type PrivilegeLevel,
} from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { checkedJson } from './columns.js';
import { TenantRow } from './tenant-row.js';

@Entity('agf_hitl_approvals')
export class ApprovalEntity extends TenantRow {
  @Column('uuid') execution_id: string;
  @Column('uuid') workflow_id: string;
  @Column('text') node: string;
  @Column('int') visit: number;
  @Column('text') gate_name: string;
  @Column('uuid', { nullable: true }) agent_id: string | null;
  @Column('text', { nullable: true }) tool: string | null;
  @Column('int', { nullable: true }) tool_version: number | null;
  @Column('jsonb', { nullable: true, transformer: checkedJson }) arguments: Json;
  @Column('text') action_description: string;
  @Column('jsonb', { transformer: checkedJson }) context_data: JsonObject;
  @Column('int') privilege_level: PrivilegeLevel;
  @Column('int') approvals_required: number;
  /** SHA-256 (hex) of the canonical form of exactly what will be done */
  @Column('text') payload_hash: string;
  @Column('text') status: ApprovalStatus;
  @Column('text') requested_by: string;
  @Column('timestamptz') expires_at: Date;
  @Column('boolean') auto_reject_on_timeout: boolean;
  @Column('text') escalation_policy: string;
  @Column('timestamptz', { nullable: true }) escalated_at: Date | null;
  /** whose decision ended it; `system` when nobody's did */
  @Column('text', { nullable: true }) decided_by: string | null;
  @Column('timestamptz', { nullable: true }) decided_at: Date | null;
  @Column('text', { nullable: true }) decision_notes: string | null;
  /** when its workflow took the decision */
  @Column('timestamptz', { nullable: true }) taken_at: Date | null;
  @Column('timestamptz', { nullable: true }) consumed_at: Date | null;
  /** effect key of the call it allowed */
  @Column('text', { nullable: true }) consumed_by: string | null;
  @Column('text') temporal_workflow_id: string;
  @Column('text', { nullable: true }) traceparent: string | null;
  @Column('text', { array: true }) allowed_decisions: Decision[];
  /** of edited arguments; null: any */
  @Column('jsonb', { nullable: true, transformer: checkedJson }) input_schema: JsonSchema | null;
  /** of a result in place of the call; null: any */
  @Column('jsonb', { nullable: true, transformer: checkedJson }) output_schema: JsonSchema | null;
  /** who wrote the arguments by edits: never deciders */
  @Column('text', { array: true }) edited_by: string[];
  /** the approval whose edit this is */
  @Column('uuid', { nullable: true }) replaces: string | null;
  /** of an edited one the arguments, of an answered one the result */
  @Column('jsonb', { nullable: true, transformer: checkedJson }) given: Json;
  /** who must agree; null: `approvals_required` of anybody who may decide */
  @Column('jsonb', { nullable: true, transformer: checkedJson }) rule: ApprovalRule | null;
  @Column('jsonb', { nullable: true, transformer: checkedJson }) times: ApprovalTimes | null;
  @Column('text', { nullable: true }) workflow_name: string | null;
  /** of the rule's, the one that is asked now; 0 the first */
  @Column('int') stage: number;
  /** who decides as little as who asked, by the rule's separation of duties */
  @Column('text', { array: true }) excluded: string[];
  /** who may decide besides, since it was escalated */
  @Column('text', { array: true }) extra_approvers: ApproverRef[];
  @Column('jsonb', { transformer: checkedJson }) delegations: Delegation[];
  /** whose votes it has while it is pending: they do not decide again */
  @Column('text', { array: true }) voters: string[];
  /** who works on it: the others see that; it hinders nobody once `claimed_until` is over */
  @Column('text', { nullable: true }) claimed_by: string | null;
  @Column('timestamptz', { nullable: true }) claimed_until: Date | null;
  /** the standing approval that decided it */
  @Column('uuid', { nullable: true }) standing_id: string | null;
  @Column('int') reminders: number;
  @Column('timestamptz', { nullable: true }) reminded_at: Date | null;
  /** since when no present person could fulfil its rule */
  @Column('timestamptz', { nullable: true }) unfulfillable_since: Date | null;
}

/** `to` decides in place of `from`, in the stage in which it was made. */
export interface Delegation {
  stage: number;
  from: string;
  to: string;
  /** RFC 3339 */
  at: string;
  notes: string | null;
}

@Entity('agf_hitl_decisions')
export class ApprovalDecisionEntity extends TenantRow {
  @Column('uuid') approval_id: string;
  @Column('text') actor: string;
  @Column('text') decision: Decision;
  @Column('text', { nullable: true }) notes: string | null;
  /** of the rule's, the one it counts in */
  @Column('int') stage: number;
  /** by which the actor might decide: `role:approver`, `group:<name>`, `delegated:<sub>`, `standing:<id>` */
  @Column('text', { nullable: true }) rule: string | null;
  /** from where it came */
  @Column('jsonb', { nullable: true, transformer: checkedJson }) source: DecisionSource | null;
}

export interface DecisionSource {
  ip?: string;
  /** as those on the way say who asked; nobody vouches for it */
  forwarded_for?: string;
  user_agent?: string;
  /** of the token */
  client_id?: string;
  /** a link of a notice led here */
  link_id?: string;
}
