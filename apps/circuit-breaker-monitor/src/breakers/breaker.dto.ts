import { BREAKER_STATES, type BreakerState } from '@aumos/agf-domain';
import { BREAKER_ANOMALIES, type BreakerAnomaly } from '@aumos/agf-persistence';
import { IfPresent, sortedPageQuery } from '@aumos/agf-platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsString, Length } from 'class-validator';
import { BREAKER_KINDS, type BreakerKind } from './breaker-key.js';

const LONGEST = 128;

export class BreakersQueryDto extends sortedPageQuery(['circuit_key', 'failure_count', 'since']) {
  @ApiPropertyOptional({ enum: BREAKER_STATES })
  @IfPresent()
  @IsIn(BREAKER_STATES)
  state?: BreakerState;

  @ApiPropertyOptional({ enum: BREAKER_KINDS })
  @IfPresent()
  @IsIn(BREAKER_KINDS)
  kind?: BreakerKind;

  @ApiPropertyOptional({ type: Boolean, description: 'default: both' })
  @IfPresent()
  @Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : (value as unknown)))
  @IsBoolean()
  isolated?: boolean;

  @ApiPropertyOptional({ enum: BREAKER_ANOMALIES })
  @IfPresent()
  @IsIn(BREAKER_ANOMALIES)
  anomaly?: BreakerAnomaly;

  @ApiPropertyOptional({ minLength: 1, maxLength: LONGEST, description: 'part of the key, or of the name' })
  @IfPresent()
  @IsString()
  @Length(1, LONGEST)
  text?: string;
}
