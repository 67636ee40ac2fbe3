import { GROUP_NAME } from '@aumos/agf-domain';
import { IfPresent, sortedPageQuery } from '@aumos/agf-platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsString, IsUUID, Matches, Max, MaxLength, Min } from 'class-validator';

const MONTHS = 10_000_000;
const STORABLE = /^[^\0]*$/;

export class InboxQueryDto extends sortedPageQuery(['created_at', 'expires_at', 'privilege_level']) {
  @ApiPropertyOptional({
    enum: ['me', 'all'],
    default: 'me',
    description: 'me: what the caller may decide now. all: whatever is pending, each with whether the caller may.',
  })
  @IfPresent()
  @IsIn(['me', 'all'])
  for: 'me' | 'all' = 'me';

  @ApiPropertyOptional({ format: 'uuid' })
  @IfPresent()
  @IsUUID()
  workflow_id?: string;

  @ApiPropertyOptional({ maxLength: 200 })
  @IfPresent()
  @IsString()
  @MaxLength(200)
  @Matches(STORABLE)
  workflow_name?: string;

  @ApiPropertyOptional({ maxLength: 200 })
  @IfPresent()
  @IsString()
  @MaxLength(200)
  @Matches(STORABLE)
  tool?: string;

  @ApiPropertyOptional({ maxLength: 200 })
  @IfPresent()
  @IsString()
  @MaxLength(200)
  @Matches(STORABLE)
  gate_name?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 5 })
  @IfPresent()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(5)
  min_level?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 5 })
  @IfPresent()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(5)
  max_level?: number;

  @ApiPropertyOptional({ description: 'those whose present stage asks this group, by its name' })
  @IfPresent()
  @Matches(GROUP_NAME)
  group?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'with the executions below it' })
  @IfPresent()
  @IsUUID()
  execution_id?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: MONTHS, description: 'asked for so long ago' })
  @IfPresent()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MONTHS)
  older_than_minutes?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: MONTHS, description: 'or are over already' })
  @IfPresent()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MONTHS)
  expires_within_minutes?: number;

  @ApiPropertyOptional({ enum: ['mine', 'free', 'others'], description: 'by who works on it' })
  @IfPresent()
  @IsIn(['mine', 'free', 'others'])
  claimed?: 'mine' | 'free' | 'others';

  @ApiPropertyOptional({
    maxLength: 200,
    description: 'next_cursor of the page before, sorted the same way; stays stable under changes. Without `page`.',
  })
  @IfPresent()
  @IsString()
  @MaxLength(200)
  cursor?: string;
}
