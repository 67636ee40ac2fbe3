import { BREAKER_STATES, type BreakerState } from '@aumos/agf-domain';
import { IfPresent, sortedPageQuery } from '@aumos/agf-platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';

export class BreakersQueryDto extends sortedPageQuery(['circuit_key', 'failure_count']) {
  @ApiPropertyOptional({ enum: BREAKER_STATES })
  @IfPresent()
  @IsIn(BREAKER_STATES)
  state?: BreakerState;
}
