import { IfPresent } from '@aumos/agf-platform';
import { ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsDefined, IsInt, IsObject, Max, Min, ValidateNested } from 'class-validator';
import { ExecutionsQueryDto } from '../execution.dto.js';

/** The members of the list's query that filter. */
export class BulkFilterDto extends PickType(ExecutionsQueryDto, [
  'status',
  'workflow_id',
  'started_after',
  'started_before',
] as const) {}

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
