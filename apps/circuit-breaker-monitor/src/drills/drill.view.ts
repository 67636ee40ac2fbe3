import type { BreakerKey, DrilledBreaker, DrillReport } from '@aumos/agf-domain';
import { ApiProperty } from '@nestjs/swagger';

class DrilledExecutionsView {
  @ApiProperty({ type: 'integer' }) failed: number;
  @ApiProperty({ type: 'integer', description: 'completed all the same' }) contained: number;
  @ApiProperty({ type: 'integer' }) cancelled: number;
  @ApiProperty({ type: 'integer', description: 'when the drill ended' }) under_way: number;
}

class DrilledBreakerView implements DrilledBreaker {
  @ApiProperty({ type: String, example: 'tool:csv_profile' }) circuit_key: BreakerKey;
  @ApiProperty({ type: 'integer', minimum: 1 }) times_opened: number;
  @ApiProperty({ format: 'date-time', description: 'the first time' }) opened_at: string;
  @ApiProperty({ format: 'date-time', type: String, nullable: true, description: 'null: it was not closed again' })
  closed_at: string | null;
}

class DrillReportView implements DrillReport {
  @ApiProperty({ type: 'integer', description: 'calls that got as far as the tool, and failed there' })
  calls_failed: number;
  @ApiProperty({ type: 'integer', description: 'calls that its breaker refused at once' }) calls_refused: number;
  @ApiProperty({ type: 'integer', nullable: true, description: 'ms from the first failed call; null: it did not open' })
  opened_after_ms: number | null;
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'ms from the end of the fault to the closing of its breaker; null: it did not open, or is not closed',
  })
  recovered_after_ms: number | null;
  @ApiProperty({ type: DrilledExecutionsView, description: 'those of which a call failed or was refused' })
  executions: DrilledExecutionsView;
  @ApiProperty({ type: [DrilledBreakerView], description: "the tenant's that opened meanwhile, its tool's or another" })
  breakers: DrilledBreakerView[];
}

export class DrillView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty() tool: string;
  @ApiProperty({ type: 'integer' }) seconds: number;
  @ApiProperty({ type: 'integer' }) recovery_seconds: number;
  @ApiProperty({ enum: ['running', 'completed'] }) status: 'running' | 'completed';
  @ApiProperty() started_by: string;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ format: 'date-time', description: 'from then on the tool is as it was' }) fault_ends_at: string;
  @ApiProperty({ format: 'date-time', description: 'at the latest' }) ends_at: string;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) completed_at: string | null;
  @ApiProperty({ type: DrillReportView, nullable: true, description: 'once it is completed' })
  report: DrillReportView | null;
}
