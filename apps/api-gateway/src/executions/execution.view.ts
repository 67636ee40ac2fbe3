import {
  EXECUTION_STATUSES,
  type ExecutionError,
  type ExecutionStatus,
  type Json,
  type JsonObject,
  VISIT_STATUSES,
  type VisitStatus,
} from '@aumos/agf-domain';
import { ApiProperty } from '@nestjs/swagger';

const ANY = { nullable: true, description: 'any JSON value' } as const;

export class ErrorView implements ExecutionError {
  @ApiProperty({ example: 'APPROVAL_REJECTED' }) code: string;
  @ApiProperty() message: string;
  @ApiProperty({ type: String, nullable: true }) node: string | null;
  @ApiProperty({ type: 'integer', nullable: true }) visit: number | null;
  @ApiProperty({ type: 'integer' }) attempts: number;
  @ApiProperty({ type: 'object', additionalProperties: true }) details: JsonObject;
}

export class HistoryEntryView {
  @ApiProperty() node: string;
  @ApiProperty({ type: 'integer' }) visit: number;
  @ApiProperty({ enum: VISIT_STATUSES }) status: VisitStatus;
  @ApiProperty({ format: 'date-time' }) started_at: string;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) completed_at: string | null;
}

export class OriginView {
  @ApiProperty({ enum: ['retry', 'fork', 'replay'] }) kind: 'retry' | 'fork' | 'replay';
  @ApiProperty({ format: 'uuid', type: String, nullable: true, description: 'null once that one has been removed' })
  execution_id: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'null where it begins at no node in particular' })
  node: string | null;
  @ApiProperty({ type: 'integer', nullable: true, description: "null where it is for all of the node's visits" })
  visit: number | null;
}

export class ExecutionView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uuid' }) tenant_id: string;
  @ApiProperty({ format: 'uuid' }) workflow_id: string;
  @ApiProperty({ type: 'integer' }) workflow_version: number;
  @ApiProperty({ enum: EXECUTION_STATUSES }) status: ExecutionStatus;
  @ApiProperty({ type: String, nullable: true }) current_node: string | null;
  @ApiProperty({ type: [HistoryEntryView], description: 'the first 100 visits; empty in lists' })
  execution_history: HistoryEntryView[];
  @ApiProperty(ANY) input_data: Json;
  @ApiProperty(ANY) output_data: Json;
  @ApiProperty({ type: ErrorView, nullable: true }) error_details: ExecutionError | null;
  @ApiProperty() temporal_workflow_id: string;
  @ApiProperty({ description: 'who started it' }) initiator: string;
  @ApiProperty({ format: 'uuid', type: String, nullable: true, description: 'whose workflow node it is; null: a root' })
  parent_execution_id: string | null;
  @ApiProperty({ format: 'uuid', type: String, nullable: true, description: 'whose tool started it, as its own' })
  started_by_execution_id: string | null;
  @ApiProperty({ format: 'uuid', description: 'the first one above it; of a root its own id' })
  root_execution_id: string;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'executions above it' }) depth: number;
  @ApiProperty({ type: OriginView, nullable: true, description: 'the execution that it was made of' })
  origin: OriginView | null;
  @ApiProperty({ type: Boolean, description: 'somebody asked for its end' }) cancel_requested: boolean;
  @ApiProperty({ type: Boolean, description: 'somebody paused it: no further node begins' }) paused: boolean;
  @ApiProperty({ type: String, nullable: true, description: 'W3C trace id of everything done for it' })
  trace_id: string | null;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) started_at: string | null;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) completed_at: string | null;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ format: 'date-time' }) updated_at: string;
}

export class WorkflowStatusView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uuid' }) workflow_id: string;
  @ApiProperty({ enum: EXECUTION_STATUSES }) status: ExecutionStatus;
  @ApiProperty({ type: String, nullable: true }) current_node: string | null;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) started_at: string | null;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) completed_at: string | null;
  @ApiProperty() temporal_workflow_id: string;
}

export class VisitView {
  @ApiProperty() node: string;
  @ApiProperty({ type: 'integer', minimum: 1, description: 'the nth time this node ran' }) visit: number;
  @ApiProperty({ type: 'integer' }) step: number;
  @ApiProperty({ type: 'integer', nullable: true, description: 'index within a for-each' }) item: number | null;
  @ApiProperty() type: string;
  @ApiProperty({ enum: VISIT_STATUSES }) status: VisitStatus;
  @ApiProperty({ type: 'integer' }) attempts: number;
  @ApiProperty(ANY) input: Json;
  @ApiProperty(ANY) output: Json;
  @ApiProperty({ type: ErrorView, nullable: true }) error: ExecutionError | null;
  @ApiProperty({ format: 'uuid', type: String, nullable: true }) approval_id: string | null;
  @ApiProperty({ format: 'uuid', type: String, nullable: true, description: 'what a workflow node started' })
  child_execution_id: string | null;
  @ApiProperty({ format: 'date-time' }) started_at: string;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) completed_at: string | null;
}

export class TraceView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ type: String, nullable: true }) node: string | null;
  @ApiProperty({ type: 'integer', nullable: true }) visit: number | null;
  @ApiProperty({ enum: ['llm', 'tool', 'hitl', 'breaker', 'privilege'] }) kind: string;
  @ApiProperty() name: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) attributes: JsonObject;
  @ApiProperty({ format: 'date-time' }) started_at: string;
  @ApiProperty({ type: 'integer', nullable: true }) duration_ms: number | null;
  @ApiProperty({ type: String, nullable: true }) trace_id: string | null;
}
