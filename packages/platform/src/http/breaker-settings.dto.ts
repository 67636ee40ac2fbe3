import type { BreakerSettings } from '@aumos/agf-domain';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Allow } from 'class-validator';

const COUNT = { type: 'integer', minimum: 1 } as const;
const SHARE = { type: Number, minimum: 0, exclusiveMinimum: true, maximum: 1 } as const;
const SECONDS = { type: Number, minimum: 0, exclusiveMinimum: true } as const;

/** The domain says what settings of breakers are, and what is wrong with some; this says how they are sent and shown. */
export class BreakerSettingsDto implements Partial<Record<keyof BreakerSettings, unknown>> {
  @ApiPropertyOptional({ ...COUNT, description: 'so many failures in the window open it' })
  @Allow()
  failure_threshold?: unknown;

  @ApiPropertyOptional({ ...SHARE, description: "this share of failures among the window's calls opens it" })
  @Allow()
  failure_rate?: unknown;

  @ApiPropertyOptional({ ...SHARE, description: 'this share of slow calls opens it; with slow_call_seconds' })
  @Allow()
  slow_call_rate?: unknown;

  @ApiPropertyOptional({ ...SECONDS, description: 'a call that took longer is slow' })
  @Allow()
  slow_call_seconds?: unknown;

  @ApiPropertyOptional({ ...COUNT, description: 'rates are judged from so many calls in the window on' })
  @Allow()
  minimum_calls?: unknown;

  @ApiPropertyOptional({ ...SECONDS, maximum: 86_400, description: 'a call counts so long' })
  @Allow()
  window_seconds?: unknown;

  @ApiPropertyOptional({ ...SECONDS, description: 'it stays open so long; up to a tenth longer' })
  @Allow()
  reset_timeout_seconds?: unknown;

  @ApiPropertyOptional({ ...COUNT, description: 'so many probes at once; so many successes close it' })
  @Allow()
  half_open_max_calls?: unknown;

  @ApiPropertyOptional({
    type: [String],
    maxItems: 100,
    example: ['UPSTREAM_STATUS'],
    description: 'codes of errors that count nothing here; the nearest list holds, lists are not joined',
  })
  @Allow()
  ignored_errors?: unknown;
}
