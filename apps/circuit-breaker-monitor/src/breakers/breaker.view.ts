import { BREAKER_STATES, type BreakerState } from '@aumos/agf-domain';
import { ApiProperty } from '@nestjs/swagger';

export class ProbesView {
  @ApiProperty({ type: 'integer', minimum: 0 }) succeeded: number;
  @ApiProperty({ type: 'integer', minimum: 0 }) in_flight: number;
}

export class TransitionView {
  @ApiProperty({ enum: BREAKER_STATES }) from_state: BreakerState;
  @ApiProperty({ enum: BREAKER_STATES }) to_state: BreakerState;
  @ApiProperty({ type: 'integer' }) epoch: number;
  @ApiProperty({ type: 'integer' }) failure_count: number;
  @ApiProperty() reason: string;
  @ApiProperty({ format: 'date-time' }) at: string;
}

export class OutcomesView {
  @ApiProperty({ type: 'integer', minimum: 0 }) completed: number;
  @ApiProperty({ type: 'integer', minimum: 0 }) failed: number;
  @ApiProperty({ type: 'integer', minimum: 0 }) cancelled: number;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) last_ended_at: string | null;
}

export class BreakerView {
  @ApiProperty({ example: 'workflow:6f1c…', description: '`agent:<id>`, `workflow:<id>` or `tool:<name>`' })
  circuit_key: string;
  @ApiProperty({ enum: BREAKER_STATES }) state: BreakerState;
  @ApiProperty({ type: 'integer', description: 'Grows with every change of the state.' }) epoch: number;
  @ApiProperty({ type: 'integer', minimum: 0 }) failure_count: number;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) since: string | null;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Of an open breaker: until it may be probed.' })
  retry_after_ms: number | null;
  @ApiProperty({ type: ProbesView, nullable: true }) probes: ProbesView | null;
}

export class BreakerDetailView extends BreakerView {
  @ApiProperty({ type: [TransitionView], description: 'The last 50 changes, newest first.' })
  history: TransitionView[];
  @ApiProperty({ type: OutcomesView, nullable: true, description: 'Of a workflow: how its executions ended.' })
  outcomes: OutcomesView | null;
}
