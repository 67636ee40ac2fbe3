import {
  type ApprovalRule,
  APPROVAL_STATUSES,
  type ApprovalStatus,
  DECISIONS,
  type Decision,
  type Json,
  type JsonObject,
  type JsonSchema,
} from '@aumos/agf-domain';
import { ApiProperty } from '@nestjs/swagger';

export class DecisionView {
  @ApiProperty() actor: string;
  @ApiProperty({ enum: DECISIONS }) decision: Decision;
  @ApiProperty({ type: String, nullable: true }) notes: string | null;
  @ApiProperty({ format: 'date-time' }) decided_at: string;
  @ApiProperty({ type: 'integer', minimum: 0, description: "of the rule's stages, the one it counts in" })
  stage: number;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'by which they might: role:approver, group:<name>, delegated:<sub>, standing:<id>',
  })
  rule: string | null;
}

export class DelegationView {
  @ApiProperty() from: string;
  @ApiProperty({ description: 'decides in their place' }) to: string;
  @ApiProperty({ type: 'integer', minimum: 0 }) stage: number;
  @ApiProperty({ format: 'date-time' }) at: string;
  @ApiProperty({ type: String, nullable: true }) notes: string | null;
}

export class PathStepView {
  @ApiProperty({ format: 'uuid' }) execution_id: string;
  @ApiProperty() workflow_name: string;
  @ApiProperty({ description: 'the node that leads on: to the next execution, at the end to this approval' })
  node: string;
  @ApiProperty({ type: 'integer', minimum: 1 }) visit: number;
}

export class ApprovalView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uuid' }) tenant_id: string;
  @ApiProperty({ format: 'uuid' }) execution_id: string;
  @ApiProperty({ format: 'uuid' }) workflow_id: string;
  @ApiProperty({ type: [PathStepView], description: 'from the execution that somebody started down to this visit' })
  path: PathStepView[];
  @ApiProperty() node: string;
  @ApiProperty({ type: 'integer', minimum: 1 }) visit: number;
  @ApiProperty() gate_name: string;
  @ApiProperty({ format: 'uuid', type: String, nullable: true }) agent_id: string | null;
  @ApiProperty({ type: String, nullable: true }) tool: string | null;
  @ApiProperty({ type: 'integer', nullable: true }) tool_version: number | null;
  @ApiProperty({
    description: 'Exactly what will be done.',
    nullable: true,
    type: 'object',
    additionalProperties: true,
  })
  arguments: Json;
  @ApiProperty() action_description: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) context_data: JsonObject;
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5 }) privilege_level: number;
  @ApiProperty({ type: 'integer', minimum: 1 }) approvals_required: number;
  @ApiProperty({ description: 'SHA-256 (hex) of the canonical form of what will be done.' }) payload_hash: string;
  @ApiProperty({ enum: APPROVAL_STATUSES }) status: ApprovalStatus;
  @ApiProperty({ description: 'Who started the execution: never a decider.' }) requested_by: string;
  @ApiProperty({ type: [String], description: 'Who wrote the arguments by edits: no deciders either.' })
  edited_by: string[];
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'Who must agree; null: approvals_required of whoever may decide.',
  })
  rule: ApprovalRule | null;
  @ApiProperty({ type: 'integer', minimum: 0, description: "of the rule's stages, the one that is asked" })
  stage: number;
  @ApiProperty({ type: [String], description: 'Whom separation of duties keeps out.' }) excluded: string[];
  @ApiProperty({ type: [DelegationView] }) delegations: DelegationView[];
  @ApiProperty({ type: String, nullable: true, description: 'who works on it, until claimed_until' })
  claimed_by: string | null;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) claimed_until: string | null;
  @ApiProperty({ format: 'uuid', type: String, nullable: true, description: 'the standing approval that decided it' })
  standing_id: string | null;
  @ApiProperty({ enum: DECISIONS, isArray: true, description: 'none once it is decided' })
  allowed_decisions: Decision[];
  @ApiProperty({ type: Object, nullable: true, description: 'JSON Schema of edited arguments; null: any' })
  input_schema: JsonSchema | null;
  @ApiProperty({ type: Object, nullable: true, description: 'JSON Schema of a result in place of the call; null: any' })
  output_schema: JsonSchema | null;
  @ApiProperty({ format: 'uuid', type: String, nullable: true, description: 'the approval whose edit this one shows' })
  replaces: string | null;
  @ApiProperty({
    type: Object,
    nullable: true,
    description: 'of an edited one the arguments, of an answered one the result',
  })
  given: Json;
  @ApiProperty({ format: 'date-time' }) expires_at: string;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) escalated_at: string | null;
  @ApiProperty({ type: [DecisionView] }) decisions: DecisionView[];
  @ApiProperty({ type: String, nullable: true }) decided_by: string | null;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) decided_at: string | null;
  @ApiProperty({ type: String, nullable: true }) decision_notes: string | null;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ format: 'date-time' }) updated_at: string;
}
