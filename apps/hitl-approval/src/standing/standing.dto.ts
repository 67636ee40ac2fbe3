import { type PrivilegeLevel, STANDING_LEVEL, STANDING_MAX_DAYS, STANDING_MAX_USES } from '@aumos/agf-domain';
import { IfPresent, IsStorable, IsDateTime, PageQuery } from '@aumos/agf-platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsString, Length, Max, Min } from 'class-validator';

export class NewStandingDto {
  @ApiProperty({ minLength: 1, maxLength: 255, description: 'calls of this tool' })
  @IsString()
  @Length(1, 255)
  @IsStorable()
  tool: string;

  @ApiPropertyOptional({ minLength: 1, maxLength: 255, description: 'in the workflow of this name; default: in any' })
  @IfPresent()
  @IsString()
  @Length(1, 255)
  @IsStorable()
  workflow?: string;

  @ApiProperty({
    minLength: 1,
    maxLength: 4000,
    example: 'arguments.table == "cars" && arguments.rows < 100',
    description: 'CEL over arguments, node and workflow; where it fails, people are asked',
  })
  @IsString()
  @Length(1, 4000)
  @IsStorable()
  condition: string;

  @ApiProperty({ minLength: 1, maxLength: 1000, description: 'why; it becomes the note of each decision' })
  @IsString()
  @Length(1, 1000)
  @IsStorable()
  reason: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: STANDING_MAX_USES })
  @IsInt()
  @Min(1)
  @Max(STANDING_MAX_USES)
  max_uses: number;

  @ApiProperty({ type: String, format: 'date-time', description: `within ${String(STANDING_MAX_DAYS)} days` })
  @IsDateTime()
  expires_at: string;

  @ApiPropertyOptional({
    ...{ type: 'integer', minimum: 1, maximum: STANDING_LEVEL, default: STANDING_LEVEL },
    description: 'of the calls, at most',
  })
  @IfPresent()
  @IsInt()
  @Min(1)
  @Max(STANDING_LEVEL)
  privilege_level?: PrivilegeLevel;
}

export class StandingQueryDto extends PageQuery {
  @ApiPropertyOptional({ minLength: 1, maxLength: 255 })
  @IfPresent()
  @IsString()
  @Length(1, 255)
  @IsStorable()
  tool?: string;

  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'those in force, or those that are over' })
  @IfPresent()
  @IsIn(['true', 'false'])
  in_force?: 'true' | 'false';
}

export class StandingView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty() tool: string;
  @ApiProperty({ type: String, nullable: true, description: 'null: any' }) workflow: string | null;
  @ApiProperty() condition: string;
  @ApiProperty() reason: string;
  @ApiProperty({ type: 'integer', minimum: 1, maximum: STANDING_LEVEL }) privilege_level: number;
  @ApiProperty({ type: 'integer', minimum: 1 }) max_uses: number;
  @ApiProperty({ type: 'integer', minimum: 0 }) uses: number;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) last_used_at: string | null;
  @ApiProperty({ format: 'date-time' }) expires_at: string;
  @ApiProperty({ description: 'whose decision each use is' }) created_by: string;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) revoked_at: string | null;
  @ApiProperty({ type: String, nullable: true }) revoked_by: string | null;
  @ApiProperty({ format: 'date-time' }) created_at: string;
}
