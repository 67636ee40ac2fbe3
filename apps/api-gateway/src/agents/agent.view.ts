import { AGENT_STATUSES, type AgentStatus, type JsonObject, type PrivilegeLevel } from '@aumos/agf-domain';
import { ApiProperty } from '@nestjs/swagger';

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
  @ApiProperty() instructions: string;
  @ApiProperty({ enum: AGENT_STATUSES }) status: AgentStatus;
  @ApiProperty({ type: 'integer', minimum: 1 }) version: number;
  @ApiProperty() created_by: string;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ format: 'date-time' }) updated_at: string;
}
