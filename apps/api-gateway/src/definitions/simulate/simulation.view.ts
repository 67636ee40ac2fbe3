import {
  type ExecutionError,
  type Json,
  type JsonObject,
  type PrivilegeLevel,
  VISIT_STATUSES,
  type VisitStatus,
} from '@aumos/agf-domain';
import type { SimulatedApproval, SimulatedVisit, Simulation } from '@aumos/agf-engine/simulate';
import { ApiProperty } from '@nestjs/swagger';
import { ErrorView } from '../../executions/execution.view.js';

const ANY = { nullable: true, description: 'any JSON value' } as const;
const DECISIONS = ['approved', 'rejected', 'edited', 'answered', 'expired', 'cancelled'];

class SimulatedApprovalView implements SimulatedApproval {
  @ApiProperty() gate_name: string;
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5 }) privilege_level: PrivilegeLevel;
  @ApiProperty({ type: 'integer', minimum: 1 }) approvals_required: number;
  @ApiProperty({ type: String, nullable: true }) tool: string | null;
  @ApiProperty(ANY) arguments: Json;
  @ApiProperty({ enum: DECISIONS }) decision: SimulatedApproval['decision'];
  @ApiProperty({ type: [String] }) decided_by: string[];
}

class SimulatedVisitView implements SimulatedVisit {
  @ApiProperty() node: string;
  @ApiProperty({ type: 'integer', minimum: 1 }) visit: number;
  @ApiProperty({ type: 'integer' }) step: number;
  @ApiProperty({ type: 'integer', nullable: true }) item: number | null;
  @ApiProperty() type: string;
  @ApiProperty({ enum: VISIT_STATUSES }) status: VisitStatus;
  @ApiProperty(ANY) input: Json;
  @ApiProperty(ANY) output: Json;
  @ApiProperty({ type: ErrorView, nullable: true }) error: ExecutionError | null;
  @ApiProperty({ format: 'date-time' }) started_at: string;
  @ApiProperty({ format: 'date-time' }) completed_at: string;
  @ApiProperty({ type: 'integer', description: 'answers that its call took; 0: no tool was called' }) attempts: number;
  @ApiProperty({ type: [SimulatedApprovalView] }) approvals: SimulatedApproval[];
}

export class SimulationView implements Simulation {
  @ApiProperty({ enum: ['completed', 'failed'] }) status: Simulation['status'];
  @ApiProperty(ANY) output: Json;
  @ApiProperty({ type: ErrorView, nullable: true }) error: ExecutionError | null;
  @ApiProperty({ type: [SimulatedVisitView], description: 'in the order of step, node, visit' })
  visits: SimulatedVisit[];
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'the last one' }) state: JsonObject;
  @ApiProperty({ type: 'integer', description: 'that began' }) steps: number;
  @ApiProperty({ type: 'number', description: 'virtual time, waits for people included' }) duration_ms: number;
}
