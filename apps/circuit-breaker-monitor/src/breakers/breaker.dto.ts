import { BREAKER_STATES, type BreakerState } from '@aumos/agf-domain';
import { IfPresent, PageQuery } from '@aumos/agf-platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';

export class BreakersQueryDto extends PageQuery {
  @ApiPropertyOptional({ enum: BREAKER_STATES })
  @IfPresent()
  @IsIn(BREAKER_STATES)
  state?: BreakerState;
}
