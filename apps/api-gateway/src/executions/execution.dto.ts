import { EXECUTION_STATUSES, type ExecutionStatus, type Json } from '@aumos/agf-domain';
import { IfPresent, IsDateTime, sortedPageQuery } from '@aumos/agf-platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Allow, IsIn, IsInt, IsString, IsUUID, Max, MaxLength, Min } from 'class-validator';

export class ExecuteDto {
  @ApiPropertyOptional({
    description: "Checked against the definition's input schema; absent is null.",
    type: 'object',
    additionalProperties: true,
    nullable: true,
    default: null,
  })
  @Allow()
  input_data?: Json;

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

  @ApiPropertyOptional({ format: 'uuid', description: 'the executions that its workflow nodes started' })
  @IfPresent()
  @IsUUID()
  parent_execution_id?: string;

  @ApiPropertyOptional({ enum: ['true', 'false'], default: 'false', description: 'without those below others' })
  @IfPresent()
  @IsIn(['true', 'false'])
  root_only?: 'true' | 'false';

  @ApiPropertyOptional({ type: String, format: 'date-time' })
  @IfPresent()
  @IsDateTime()
  started_after?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time' })
  @IfPresent()
  @IsDateTime()
  started_before?: string;

  @ApiPropertyOptional({
    description:
      'next_cursor of the page before; stays stable while executions start. Goes by created_at, and without `page`.',
  })
  @IfPresent()
  @IsString()
  @MaxLength(200)
  cursor?: string;
}

export class VisitsQueryDto extends sortedPageQuery(['step', 'started_at'], 'step', 'asc') {}

export class TracesQueryDto extends sortedPageQuery(['started_at', 'name'], 'started_at', 'asc') {
  @ApiPropertyOptional()
  @IfPresent()
  @IsString()
  @MaxLength(80)
  node?: string;

  @ApiPropertyOptional({ enum: ['llm', 'tool', 'hitl', 'breaker', 'privilege'] })
  @IfPresent()
  @IsIn(['llm', 'tool', 'hitl', 'breaker', 'privilege'])
  kind?: 'llm' | 'tool' | 'hitl' | 'breaker' | 'privilege';
}
