import { TOOL_CATEGORIES } from '@aumos/agf-domain';
import { IfPresent } from '@aumos/agf-platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, Max, Min } from 'class-validator';

export class BuiltinToolsQueryDto {
  @ApiPropertyOptional({ enum: TOOL_CATEGORIES })
  @IfPresent()
  @IsIn(TOOL_CATEGORIES)
  category?: (typeof TOOL_CATEGORIES)[number];

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 5 })
  @IfPresent()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(5)
  max_privilege_level?: number;
}
