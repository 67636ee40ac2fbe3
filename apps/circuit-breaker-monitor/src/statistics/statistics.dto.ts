import { IfPresent } from '@aumos/agf-platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

const DAY = 24;

export class StatisticsQueryDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 31 * DAY, default: DAY, description: 'so many back' })
  @IfPresent()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(31 * DAY)
  hours: number = DAY;
}
