import { type Json, type JsonObject, type PrivilegeLevel } from '@aumos/agf-domain';
import { IfPresent, IsDateTime } from '@aumos/agf-platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { ExecuteDto } from '../../executions/execution.dto.js';

const LARGEST = 2_147_483_647;
/** A year, in ms: virtual time costs nothing, but must stay a time. */
const LONGEST_MS = 31_536_000_000;

class SimulatedErrorDto {
  @ApiProperty({ example: 'UPSTREAM_UNREACHABLE' })
  @IsString()
  @MaxLength(128)
  code: string;

  @ApiPropertyOptional()
  @IfPresent()
  @IsString()
  @MaxLength(2_000)
  message?: string;

  @ApiPropertyOptional({ default: false, description: 'retried as the node says' })
  @IfPresent()
  @IsBoolean()
  retryable?: boolean;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @IfPresent()
  @IsObject()
  details?: JsonObject;
}

class SimulatedRefusalDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 0 })
  @IfPresent()
  @IsInt()
  @Min(0)
  @Max(LONGEST_MS)
  retry_after_ms?: number;
}

export class ToolReplyDto {
  @ApiPropertyOptional({ nullable: true, description: 'any JSON value; one of result, error, refused' })
  @Allow()
  result?: Json;

  @ApiPropertyOptional({ type: SimulatedErrorDto })
  @IfPresent()
  @IsObject()
  @ValidateNested()
  @Type(() => SimulatedErrorDto)
  error?: SimulatedErrorDto;

  @ApiPropertyOptional({ type: SimulatedRefusalDto, description: 'an open breaker refuses the call' })
  @IfPresent()
  @IsObject()
  @ValidateNested()
  @Type(() => SimulatedRefusalDto)
  refused?: SimulatedRefusalDto;

  @ApiPropertyOptional({ type: 'number', minimum: 0, default: 0, description: 'virtual time' })
  @IfPresent()
  @IsNumber()
  @Min(0)
  @Max(LONGEST_MS)
  takes_ms?: number;
}

/** A node's id; behind a `~` what is done inside of its visits: an agent's calls, a compensation. */
const VISITED_PATTERN = /^[A-Za-z][A-Za-z0-9_-]{0,63}(?:~[A-Za-z0-9_.~-]{1,160})?$/;

class AnswerDto {
  @ApiPropertyOptional({ pattern: VISITED_PATTERN.source })
  @IfPresent()
  @Matches(VISITED_PATTERN)
  node?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1 })
  @IfPresent()
  @IsInt()
  @Min(1)
  @Max(LARGEST)
  visit?: number;
}

class ReplyingDto extends AnswerDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    description: 'attempts of a visit that it answers; default: all',
  })
  @IfPresent()
  @IsInt()
  @Min(1)
  @Max(LARGEST)
  times?: number;

  @ApiProperty({ type: ToolReplyDto })
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => ToolReplyDto)
  reply: ToolReplyDto;
}

export class ToolAnswerDto extends ReplyingDto {
  @ApiPropertyOptional()
  @IfPresent()
  @IsString()
  @MaxLength(128)
  tool?: string;
}

export class FunctionAnswerDto extends ReplyingDto {
  @ApiPropertyOptional()
  @IfPresent()
  @IsString()
  @MaxLength(128)
  handler?: string;
}

export class ModelAnswerDto extends AnswerDto {
  @ApiPropertyOptional({ description: "the agent's name" })
  @IfPresent()
  @IsString()
  @MaxLength(255)
  agent?: string;

  @ApiProperty({
    type: [Object],
    description:
      'What the model says, turn by turn: each has one of `text`, `json`, `calls` [{tool, arguments?}], `error`, `refused`; and `takes_ms`.',
  })
  @IsArray()
  @ArrayMaxSize(1_000)
  @IsObject({ each: true })
  turns: JsonObject[];
}

export class SimulatedSignalDto {
  @ApiProperty()
  @IsString()
  @MaxLength(128)
  name: string;

  @ApiPropertyOptional({ nullable: true, description: 'any JSON value', default: null })
  @Allow()
  payload?: Json;

  @ApiPropertyOptional({ type: 'number', minimum: 0, default: 0, description: 'virtual time since the start' })
  @IfPresent()
  @IsNumber()
  @Min(0)
  @Max(LONGEST_MS)
  after_ms?: number;
}

const DECISIONS = ['approved', 'rejected', 'edited', 'answered', 'expired'] as const;

export class PersonAnswerDto extends AnswerDto {
  @ApiPropertyOptional()
  @IfPresent()
  @IsString()
  @MaxLength(128)
  gate?: string;

  @ApiProperty({ enum: DECISIONS, description: '`expired` only where the gate rejects by itself' })
  @IsIn(DECISIONS)
  decision: (typeof DECISIONS)[number];

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'of `edited`: instead of those shown. The next match decides on the approval that they need',
  })
  @IfPresent()
  @IsObject()
  arguments?: JsonObject;

  @ApiPropertyOptional({ nullable: true, description: 'of `answered`, in place of the call; any JSON value' })
  @Allow()
  result?: Json;

  @ApiPropertyOptional({ type: [String], description: 'default: as many as the approval needs' })
  @IfPresent()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  decided_by?: string[];

  @ApiPropertyOptional()
  @IfPresent()
  @IsString()
  @MaxLength(10_000)
  notes?: string;
}

export class SimulateDto extends ExecuteDto {
  @ApiPropertyOptional({
    type: [ToolAnswerDto],
    description: 'Answers of tools: the first answers a call that all its named members match.',
  })
  @IfPresent()
  @IsArray()
  @ArrayMaxSize(10_000)
  @ValidateNested({ each: true })
  @Type(() => ToolAnswerDto)
  calls?: ToolAnswerDto[];

  @ApiPropertyOptional({
    type: [FunctionAnswerDto],
    description: 'Answers of handlers: the first answers a call that all its named members match.',
  })
  @IfPresent()
  @IsArray()
  @ArrayMaxSize(10_000)
  @ValidateNested({ each: true })
  @Type(() => FunctionAnswerDto)
  functions?: FunctionAnswerDto[];

  @ApiPropertyOptional({
    type: [ModelAnswerDto],
    description: 'What models of agents say: the first answers a visit that all its named members match.',
  })
  @IfPresent()
  @IsArray()
  @ArrayMaxSize(10_000)
  @ValidateNested({ each: true })
  @Type(() => ModelAnswerDto)
  models?: ModelAnswerDto[];

  @ApiPropertyOptional({ type: [SimulatedSignalDto], description: 'Signals, in the order in which they come.' })
  @IfPresent()
  @IsArray()
  @ArrayMaxSize(10_000)
  @ValidateNested({ each: true })
  @Type(() => SimulatedSignalDto)
  signals?: SimulatedSignalDto[];

  @ApiPropertyOptional({
    type: [PersonAnswerDto],
    description: 'Decisions of people: the first decides an approval that all its named members match.',
  })
  @IfPresent()
  @IsArray()
  @ArrayMaxSize(10_000)
  @ValidateNested({ each: true })
  @Type(() => PersonAnswerDto)
  people?: PersonAnswerDto[];

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 5,
    description: 'level of who starts it; default: yours',
  })
  @IfPresent()
  @IsInt()
  @Min(1)
  @Max(5)
  initiator_level?: PrivilegeLevel;

  @ApiPropertyOptional({ format: 'date-time', description: 'where its clock starts; default: 2026-01-01T00:00:00Z' })
  @IfPresent()
  @IsDateTime()
  started_at?: string;
}
