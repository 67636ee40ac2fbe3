import {
  AGENT_STATUSES,
  type AgentExecutor,
  type AgentStatus,
  type BreakerSettings,
  NAME_PATTERN,
  type Json,
  type JsonObject,
  type PrivilegeLevel,
} from '@aumos/agf-domain';
import { BreakerSettingsDto, IfPresent, sortedPageQuery } from '@aumos/agf-platform';
import { isSessionId } from '@aumos/agf-sessions';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  Allow,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

const OBJECT = { type: 'object', additionalProperties: true } as const;
const MOST_CHARACTERS = 100_000;

export class AgentExecutorDto implements AgentExecutor {
  @ApiProperty({ maxLength: 255, description: "of the team's worker", example: 'agf-nodes-pricing' })
  @IsString()
  @Length(1, 255)
  task_queue: string;

  @ApiProperty({ pattern: NAME_PATTERN.source, description: 'under which the worker registers it' })
  @Matches(NAME_PATTERN)
  name: string;
}

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

  @ApiPropertyOptional({ type: AgentExecutorDto, description: "a team's own code in place of a model" })
  @IfPresent()
  @IsObject()
  @ValidateNested()
  @Type(() => AgentExecutorDto)
  executor?: AgentExecutorDto;

  @ApiPropertyOptional({ maxLength: MOST_CHARACTERS, description: 'what its model is told before all else' })
  @IfPresent()
  @IsString()
  @MaxLength(MOST_CHARACTERS)
  instructions?: string;

  @ApiPropertyOptional({ default: false, description: 'its calls of level 2 and above are approved by people' })
  @IfPresent()
  @IsBoolean()
  requires_hitl?: boolean;

  @ApiPropertyOptional({ type: BreakerSettingsDto, description: "of its own breaker, over the tenant's" })
  @IfPresent()
  @IsObject()
  circuit_breaker?: BreakerSettings;
}

const isSession = (value: unknown): boolean => typeof value === 'string' && isSessionId(value);

const CHANGED_TO = ['active', 'suspended'] as const;
const IfSaid = (): PropertyDecorator => ValidateIf((_object, value) => value !== undefined && value !== null);

/** What is named is replaced. */
export class ChangeAgentDto {
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 10_000 })
  @IfSaid()
  @IsString()
  @MaxLength(10_000)
  description?: string | null;

  @ApiPropertyOptional(OBJECT)
  @IfPresent()
  @IsObject()
  capabilities?: JsonObject;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 5 })
  @IfPresent()
  @IsInt()
  @Min(1)
  @Max(5)
  privilege_level?: PrivilegeLevel;

  @ApiPropertyOptional({ ...OBJECT, description: 'by tool' })
  @IfPresent()
  @IsObject()
  tool_access?: JsonObject;

  @ApiPropertyOptional(OBJECT)
  @IfPresent()
  @IsObject()
  resource_limits?: JsonObject;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 255, description: "null: the platform's" })
  @IfSaid()
  @IsString()
  @Length(1, 255)
  model?: string | null;

  @ApiPropertyOptional({ type: AgentExecutorDto, nullable: true, description: 'null: a model again' })
  @IfSaid()
  @IsObject()
  @ValidateNested()
  @Type(() => AgentExecutorDto)
  executor?: AgentExecutorDto | null;

  @ApiPropertyOptional({ maxLength: MOST_CHARACTERS })
  @IfPresent()
  @IsString()
  @MaxLength(MOST_CHARACTERS)
  instructions?: string;

  @ApiPropertyOptional()
  @IfPresent()
  @IsBoolean()
  requires_hitl?: boolean;

  @ApiPropertyOptional({ type: BreakerSettingsDto, nullable: true, description: "null: the tenant's" })
  @IfSaid()
  @IsObject()
  circuit_breaker?: BreakerSettings | null;

  @ApiPropertyOptional({ enum: CHANGED_TO })
  @IfPresent()
  @IsIn(CHANGED_TO)
  status?: (typeof CHANGED_TO)[number];
}

export class AgentToolsDto {
  @ApiProperty({ ...OBJECT, description: 'by tool; replaces all', example: { csv_profile: { enabled: true } } })
  @IsObject()
  tool_access: JsonObject;
}

export class InvokeAgentDto {
  @ApiPropertyOptional({ ...OBJECT, nullable: true, default: null, description: 'any JSON: what its model is asked' })
  @Allow()
  input_data?: Json;

  @ApiPropertyOptional({
    description: 'the session that it goes on with: one of its own, or `shared:<execution>`; default: one that begins',
  })
  @IfPresent()
  @IsString()
  @ValidateBy({
    name: 'isSessionId',
    validator: { validate: isSession, defaultMessage: () => 'must be the id of a session' },
  })
  session_id?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'the execution whose memory it shares: `shared:<execution>`' })
  @IfPresent()
  @IsUUID()
  execution_id?: string;

  @ApiPropertyOptional({ type: 'number', minimum: 0, maximum: 60, default: 30, description: 'then: 202' })
  @IfPresent()
  @IsNumber()
  @Min(0)
  @Max(60)
  wait_seconds?: number;
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

export class AgentVersionsQueryDto extends sortedPageQuery(['version'], 'version') {}
