import type { BreakerKey } from '@aumos/agf-domain';
import { IfPresent } from '@aumos/agf-platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Matches } from 'class-validator';

const KEY = /^(?:workflow|tool|agent):[\w.:-]{1,128}$/;

export class BlastRadiusQueryDto {
  @ApiPropertyOptional({
    pattern: KEY.source,
    description: "`workflow:<id>`, `tool:<name>` or `agent:<id>`; default: the workflow's own",
  })
  @IfPresent()
  @Matches(KEY)
  key?: BreakerKey;
}
