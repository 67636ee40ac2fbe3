import { ELEVATION_SECONDS, type PrivilegeLevel } from '@aumos/agf-domain';
import { IfPresent, sortedPageQuery } from '@aumos/agf-platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsString, Length, Max, Min } from 'class-validator';

const LONGEST = 2_000;

export class RequestElevationDto {
  @ApiProperty({ type: 'integer', minimum: 2, maximum: 5, description: 'above its own' })
  @IsInt()
  @Min(2)
  @Max(5)
  privilege_level: PrivilegeLevel;

  @ApiProperty({
    type: 'integer',
    minimum: ELEVATION_SECONDS.least,
    maximum: ELEVATION_SECONDS.most,
    description: 'from when it is granted',
  })
  @IsInt()
  @Min(ELEVATION_SECONDS.least)
  @Max(ELEVATION_SECONDS.most)
  seconds: number;

  @ApiProperty({ minLength: 1, maxLength: LONGEST, description: 'what those who decide are told' })
  @IsString()
  @Length(1, LONGEST)
  reason: string;
}

export class ElevationVoteDto {
  @ApiPropertyOptional({ minLength: 1, maxLength: LONGEST })
  @IfPresent()
  @IsString()
  @Length(1, LONGEST)
  notes?: string;
}

export class ElevationsQueryDto extends sortedPageQuery(['created_at'], 'created_at') {}
