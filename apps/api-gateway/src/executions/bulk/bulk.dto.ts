import { EXECUTION_STATUSES, type ExecutionStatus } from '@aumos/agf-domain';
import { IfPresent, IsDateTime } from '@aumos/agf-platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsDefined, IsIn, IsInt, IsObject, IsUUID, Max, Min, ValidateNested } from 'class-validator';

/** The members of the list's query that filter. */
export class BulkFilterDto {
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
  @IsDateTime()
  started_after?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time' })
  @IfPresent()
  @IsDateTime()
  started_before?: string;
}

export class BulkDto {
  @ApiProperty({ type: BulkFilterDto, description: 'As in the list. Of what it shows, what this can be done to.' })
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => BulkFilterDto)
  filter: BulkFilterDto;

  @ApiPropertyOptional({ default: false, description: 'Only tells how many match; nothing is done.' })
  @IfPresent()
  @IsBoolean()
  dry_run: boolean = false;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    description: 'As a dry run told it: when now more or fewer match, nothing is done.',
  })
  @IfPresent()
  @IsInt()
  @Min(0)
  @Max(2_147_483_647)
  expected_count?: number;
}
