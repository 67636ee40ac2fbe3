import { BREAKER_STATES, type BreakerState } from '@aumos/agf-domain';
import { BREAKER_ANOMALIES, type BreakerAnomaly } from '@aumos/agf-persistence';
import { ApiProperty } from '@nestjs/swagger';
import { IsolationView } from '../isolation/isolation.view.js';
import { BREAKER_KINDS, type BreakerKind } from './breaker-key.js';

const KEY = 'workflow:6f1c…';

export class ProbesView {
  @ApiProperty({ type: 'integer', minimum: 0 }) succeeded: number;
  @ApiProperty({ type: 'integer', minimum: 0 }) in_flight: number;
}

export class TransitionView {
  @ApiProperty({ type: 'integer', description: "1..n among all of the tenant's changes" }) position: number;
  @ApiProperty({ example: KEY }) circuit_key: string;
  @ApiProperty({ enum: BREAKER_STATES }) from_state: BreakerState;
  @ApiProperty({ enum: BREAKER_STATES }) to_state: BreakerState;
  @ApiProperty({ type: 'integer' }) epoch: number;
  @ApiProperty({ type: 'integer' }) failure_count: number;
  @ApiProperty({ type: 'integer' }) call_count: number;
  @ApiProperty({ type: 'integer' }) slow_count: number;
  @ApiProperty({ description: '`store_lost`, `found`: Redis had lost something, and this is what is known of it' })
  reason: string;
  @ApiProperty({ format: 'date-time' }) at: string;
  @ApiProperty({ format: 'date-time', type: String, nullable: true, description: 'when it may be probed' })
  until: string | null;
}

export class OutcomesView {
  @ApiProperty({ type: 'integer', minimum: 0 }) completed: number;
  @ApiProperty({ type: 'integer', minimum: 0 }) failed: number;
  @ApiProperty({ type: 'integer', minimum: 0 }) cancelled: number;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) last_ended_at: string | null;
}

export class BreakerView {
  @ApiProperty({ example: KEY, description: '`agent:<id>`, `workflow:<id>` or `tool:<name>`' })
  circuit_key: string;
  @ApiProperty({ enum: BREAKER_KINDS }) kind: BreakerKind;
  @ApiProperty({ type: String, nullable: true, description: "the agent's or the workflow's; null: it has none" })
  name: string | null;
  @ApiProperty({ enum: BREAKER_STATES }) state: BreakerState;
  @ApiProperty({ type: 'integer', description: 'Grows with every change of the state.' }) epoch: number;
  @ApiProperty({ type: 'integer', minimum: 0 }) failure_count: number;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'of its window; without rates its failures' })
  call_count: number;
  @ApiProperty({ type: 'integer', minimum: 0 }) slow_count: number;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) since: string | null;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Of an open breaker: until it may be probed.' })
  retry_after_ms: number | null;
  @ApiProperty({ type: ProbesView, nullable: true }) probes: ProbesView | null;
  @ApiProperty({ type: IsolationView, nullable: true }) isolation: IsolationView | null;
  @ApiProperty({ enum: BREAKER_ANOMALIES, isArray: true }) anomalies: BreakerAnomaly[];
}

export class ChainBranchView {
  @ApiProperty({ example: 'tool:table_load' }) circuit_key: string;
  @ApiProperty({ type: String, nullable: true }) name: string | null;
  @ApiProperty({ enum: BREAKER_STATES }) state: BreakerState;
  @ApiProperty() isolated: boolean;
  @ApiProperty({ type: () => [ChainBranchView] }) branches: ChainBranchView[];
}

export class ChainView {
  @ApiProperty({ type: [ChainBranchView], description: 'Whose calls pass it.' }) callers: ChainBranchView[];
  @ApiProperty({ type: [ChainBranchView], description: 'What its calls pass then.' }) callees: ChainBranchView[];
  @ApiProperty({ description: 'there are more than are shown' }) truncated: boolean;
}

export class BreakerDetailView extends BreakerView {
  @ApiProperty({ type: [TransitionView], description: 'The last 50 changes, newest first.' })
  history: TransitionView[];
  @ApiProperty({ type: OutcomesView, nullable: true, description: 'Of a workflow: how its executions ended.' })
  outcomes: OutcomesView | null;
  @ApiProperty({ type: ChainView, description: 'As the newest published versions call one another.' })
  chain: ChainView;
}
