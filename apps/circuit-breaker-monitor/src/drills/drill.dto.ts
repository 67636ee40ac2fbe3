import { IfPresent, sortedPageQuery } from '@aumos/agf-platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, Matches, Max, Min } from 'class-validator';

/** Handlers of function nodes have breakers below `function.`, and are no tools. */
const TOOL = /^(?!function\.)[A-Za-z][A-Za-z0-9_.-]{0,127}$/;
const LONGEST = 3_600;
const RECOVERY = 120;

export class StartDrillDto {
  @ApiProperty({ pattern: TOOL.source, example: 'csv_profile' })
  @Matches(TOOL)
  tool: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: LONGEST, description: 'seconds that every call of it fails' })
  @IsInt()
  @Min(1)
  @Max(LONGEST)
  seconds: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: LONGEST,
    default: RECOVERY,
    description: 'seconds that the recovery is then watched, at most',
  })
  @IfPresent()
  @IsInt()
  @Min(1)
  @Max(LONGEST)
  recovery_seconds: number = RECOVERY;
}

export class DrillsQueryDto extends sortedPageQuery(['created_at'], 'created_at') {}
