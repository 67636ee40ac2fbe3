import { AGENT_STATUSES, type AgentStatus, type JsonObject, type PrivilegeLevel } from '@aumos/agf-domain';
import { IfPresent, sortedPageQuery } from '@aumos/agf-platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsObject, IsString, Length, Max, MaxLength, Min } from 'class-validator';

const OBJECT = { type: 'object', additionalProperties: true } as const;
const MOST_CHARACTERS = 100_000;

export class CreateAgentDto {
  @ApiProperty({ minLength: 1, maxLength: 255 })
  @IsString()
  @Length(1, 255)
  name: string;

  @ApiPropertyOptional({ maxLength: 10_000 })
  @IfPresent()
  @IsString()
  @MaxLength(10_000)
  description?: string;

  @ApiPropertyOptional({ ...OBJECT, example: { data_analysis: {} } })
  @IfPresent()
  @IsObject()
  capabilities?: JsonObject;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5 })
  @IsInt()
  @Min(1)
  @Max(5)
  privilege_level: PrivilegeLevel;

  @ApiPropertyOptional({ ...OBJECT, description: 'by tool', example: { csv_profile: { enabled: true } } })
  @IfPresent()
  @IsObject()
  tool_access?: JsonObject;

  @ApiPropertyOptional({ ...OBJECT, example: { max_turns: 10, max_tokens: 4096 } })
  @IfPresent()
  @IsObject()
  resource_limits?: JsonObject;

  @ApiPropertyOptional({ maxLength: 255, description: "the endpoint's name of its model; default: the platform's" })
  @IfPresent()
  @IsString()
  @Length(1, 255)
  model?: string;

  @ApiPropertyOptional({ maxLength: MOST_CHARACTERS, description: 'what its model is told before all else' })
  @IfPresent()
  @IsString()
  @MaxLength(MOST_CHARACTERS)
  instructions?: string;
}

export class AgentsQueryDto extends sortedPageQuery(['created_at', 'updated_at', 'name'], 'created_at') {
  @ApiPropertyOptional({ enum: AGENT_STATUSES })
  @IfPresent()
  @IsIn(AGENT_STATUSES)
  agent_status?: AgentStatus;

  @ApiPropertyOptional({ description: 'a member of its capabilities' })
  @IfPresent()
  @IsString()
  @Length(1, 128)
  capability?: string;
}
