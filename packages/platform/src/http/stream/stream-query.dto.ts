import { IfPresent } from '../if-present.js';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

const HOUR = 3_600;

/** How a stream of server-sent events is asked for. */
export class StreamQueryDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: HOUR, description: 'ends after so long' })
  @IfPresent()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(HOUR)
  max_seconds?: number;
}
