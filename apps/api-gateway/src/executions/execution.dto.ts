import { EXECUTION_STATUSES, type ExecutionStatus, type Json } from '@aumos/agf-domain';
import { IfPresent, PageQuery, sortedPageQuery } from '@aumos/agf-platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Allow, IsIn, IsInt, IsISO8601, IsString, IsUUID, Max, MaxLength, Min } from 'class-validator';

export class ExecuteDto {
  @ApiProperty({
    description: "Checked against the definition's input schema.",
    type: 'object',
    additionalProperties: true,
  })
  @Allow()
  input_data: Json;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: 'default: the newest' })
  @IfPresent()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  version?: number;
}

export class ExecutionOfWorkflowDto {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  execution_id: string;
}

export class ExecutionsQueryDto extends sortedPageQuery(['created_at', 'started_at', 'completed_at'], 'created_at') {
  @ApiPropertyOptional({ enum: EXECUTION_STATUSES })
  @IfPresent()
  @IsIn(EXECUTION_STATUSES)
  status?: ExecutionStatus;

  @ApiPropertyOptional({ format: 'uuid' })
  @IfPresent()
  @IsUUID()
  workflow_id?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time' })
  @IfPresent()
  @IsISO8601({ strict: true })
  started_after?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time' })
  @IfPresent()
  @IsISO8601({ strict: true })
  started_before?: string;

  @ApiPropertyOptional({ description: 'next_cursor of the page before; stays stable while executions start' })
  @IfPresent()
  @IsString()
  @MaxLength(200)
  cursor?: string;
}

export class VisitsQueryDto extends PageQuery {}

export class TracesQueryDto extends PageQuery {
  @ApiPropertyOptional()
  @IfPresent()
  @IsString()
  @MaxLength(64)
  node?: string;

  @ApiPropertyOptional({ enum: ['llm', 'tool', 'hitl', 'breaker', 'privilege'] })
  @IfPresent()
  @IsIn(['llm', 'tool', 'hitl', 'breaker', 'privilege'])
  kind?: 'llm' | 'tool' | 'hitl' | 'breaker' | 'privilege';
}
