import { IfPresent, IsDateTime, PageQuery } from '@aumos/agf-platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsString, Max, MaxLength, Min } from 'class-validator';

export class AuditQueryDto extends PageQuery {
  @ApiPropertyOptional({ description: 'who did it', maxLength: 255 })
  @IfPresent()
  @IsString()
  @MaxLength(255)
  actor_id?: string;

  @ApiPropertyOptional({ example: 'approval.approve', maxLength: 100 })
  @IfPresent()
  @IsString()
  @MaxLength(100)
  action?: string;

  @ApiPropertyOptional({ example: 'execution', maxLength: 100 })
  @IfPresent()
  @IsString()
  @MaxLength(100)
  resource_type?: string;

  @ApiPropertyOptional({ maxLength: 255 })
  @IfPresent()
  @IsString()
  @MaxLength(255)
  resource_id?: string;

  @ApiPropertyOptional({ enum: ['allowed', 'denied'] })
  @IfPresent()
  @IsIn(['allowed', 'denied'])
  outcome?: 'allowed' | 'denied';

  @ApiPropertyOptional({ type: String, format: 'date-time' })
  @IfPresent()
  @IsDateTime()
  occurred_after?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time' })
  @IfPresent()
  @IsDateTime()
  occurred_before?: string;
}

export class AuditExportDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, default: 1, description: 'the first position' })
  @IfPresent()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  from: number = 1;
}
