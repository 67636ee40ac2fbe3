import { IfPresent, PageQuery } from '@aumos/agf-platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, Max, Min } from 'class-validator';

export class CheckpointsQueryDto extends PageQuery {
  @ApiPropertyOptional({ enum: ['asc', 'desc'], default: 'asc' })
  @IfPresent()
  @IsIn(['asc', 'desc'])
  override sort_order: 'asc' | 'desc' = 'asc';
}

export class DiffQueryDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 0, description: 'default: the one before' })
  @IfPresent()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(2_147_483_647)
  against?: number;
}
