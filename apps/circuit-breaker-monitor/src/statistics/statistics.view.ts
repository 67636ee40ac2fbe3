import type { BreakerTimes } from '@aumos/agf-persistence';
import { ApiProperty } from '@nestjs/swagger';

const COUNT = { type: 'integer', minimum: 0 } as const;

export class FailureKindView {
  @ApiProperty({ example: 'TOOL_FAILED' }) code: string;
  @ApiProperty(COUNT) count: number;
}

export class BreakerTimesView implements BreakerTimes {
  @ApiProperty({ ...COUNT, description: 'how often one left closed' }) opened: number;
  @ApiProperty({ type: 'number', minimum: 0, description: 'of all together' }) open_seconds: number;
  @ApiProperty({ ...COUNT, description: 'how often probes closed one' }) recovered: number;
  @ApiProperty({ type: 'number', nullable: true, description: 'from leaving closed to being closed by probes' })
  mean_time_to_recover_seconds: number | null;
}

/** What was done, and how it ended. Rates are null where nothing ended. */
export class CallsView {
  @ApiProperty(COUNT) started: number;
  @ApiProperty(COUNT) completed: number;
  @ApiProperty(COUNT) failed: number;
  @ApiProperty(COUNT) cancelled: number;
  @ApiProperty({ ...COUNT, description: 'how often one waited for an approval' }) paused: number;
  @ApiProperty({ ...COUNT, description: 'of an agent: how often it was called' }) invoked: number;
  @ApiProperty({ type: 'number', nullable: true, description: 'failed of completed and failed, 0 to 1' })
  failure_rate: number | null;
  @ApiProperty({ type: 'number', description: 'that ended' }) per_hour: number;
  @ApiProperty({ type: [FailureKindView], description: 'most frequent first' }) failure_kinds: FailureKindView[];
  @ApiProperty({ type: 'integer', nullable: true, description: 'ms, to 2.5 %' }) p50_ms: number | null;
  @ApiProperty({ type: 'integer', nullable: true, description: 'ms, to 2.5 %' }) p99_ms: number | null;
}

export class StatisticsView extends CallsView {
  @ApiProperty({ format: 'date-time', description: 'the beginning of an hour' }) since: string;
  @ApiProperty({ type: BreakerTimesView }) breakers: BreakerTimesView;
}

export class SubjectStatisticsView extends CallsView {
  @ApiProperty({ example: 'agent:6f1c…' }) circuit_key: string;
  @ApiProperty({ type: String, nullable: true }) name: string | null;
}

export class TenantStatisticsView extends StatisticsView {
  @ApiProperty({ type: [SubjectStatisticsView], description: 'the 20 workflows and agents with most failures' })
  subjects: SubjectStatisticsView[];
}
