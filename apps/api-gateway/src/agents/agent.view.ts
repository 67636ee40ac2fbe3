import {
  AGENT_STATUSES,
  type AgentExecutor,
  type AgentStatus,
  type BreakerSettings,
  type Json,
  type JsonObject,
  type PrivilegeLevel,
} from '@aumos/agf-domain';
import { BreakerSettingsDto } from '@aumos/agf-platform';
import { ApiProperty, OmitType } from '@nestjs/swagger';

const OBJECT = { type: 'object', additionalProperties: true } as const;

export class AgentView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uuid' }) tenant_id: string;
  @ApiProperty() name: string;
  @ApiProperty({ type: String, nullable: true }) description: string | null;
  @ApiProperty(OBJECT) capabilities: JsonObject;
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5 }) privilege_level: PrivilegeLevel;
  @ApiProperty({ ...OBJECT, example: { csv_profile: { enabled: true } } }) tool_access: JsonObject;
  @ApiProperty({ ...OBJECT, example: { max_turns: 10, max_tokens: 4096 } }) resource_limits: JsonObject;
  @ApiProperty({ type: String, nullable: true, description: "null: the platform's" }) model: string | null;
  @ApiProperty({ ...OBJECT, nullable: true, example: { task_queue: 'agf-nodes-pricing', name: 'pricer' } })
  executor: AgentExecutor | null;
  @ApiProperty() instructions: string;
  @ApiProperty({ description: 'its calls of level 2 and above are approved by people' }) requires_hitl: boolean;
  @ApiProperty({ type: BreakerSettingsDto, nullable: true, description: "null: the tenant's" })
  circuit_breaker: BreakerSettings | null;
  @ApiProperty({ enum: AGENT_STATUSES }) status: AgentStatus;
  @ApiProperty({ type: 'integer', minimum: 1 }) version: number;
  @ApiProperty() created_by: string;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ format: 'date-time' }) updated_at: string;
}

export class AgentVersionView extends OmitType(AgentView, ['id', 'tenant_id', 'name', 'created_by', 'updated_at']) {
  @ApiProperty() changed_by: string;
}

export class InvocationView {
  @ApiProperty({ format: 'uuid' }) agent_id: string;
  @ApiProperty({ format: 'uuid' }) execution_id: string;
  @ApiProperty({ ...OBJECT, nullable: true, description: "any JSON: the agent's answer" }) output: Json;
  @ApiProperty({ description: 'where it remembers: an invocation with it goes on from here' })
  session_id: string;
  @ApiProperty({ type: 'integer', nullable: true, description: 'null where its endpoint does not say' })
  tokens_used: number | null;
  @ApiProperty({ type: 'integer' }) execution_time_ms: number;
}
