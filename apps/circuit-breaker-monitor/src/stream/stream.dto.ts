import { IfPresent } from '@aumos/agf-platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

const HOUR = 3_600;

export class StreamQueryDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: HOUR, description: 'ends after so long' })
  @IfPresent()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(HOUR)
  max_seconds?: number;
}
