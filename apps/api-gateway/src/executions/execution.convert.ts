import { isEnded } from '@aumos/agf-domain';
import type { ExecutionEntity, TraceEntity, Visit } from '@aumos/agf-persistence';
import type {
  ExecutionView,
  HistoryEntryView,
  OriginView,
  TraceView,
  VisitView,
  WorkflowStatusView,
} from './execution.view.js';

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;
/** The second part of a traceparent: version-trace-span-flags. */
const traceId = (traceparent: string | null): string | null => traceparent?.split('-')[1] ?? null;

const historyEntry = (visit: Visit): HistoryEntryView => ({
  node: visit.node,
  visit: visit.visit,
  status: visit.status,
  started_at: visit.started_at.toISOString(),
  completed_at: iso(visit.completed_at),
});

const originView = (row: ExecutionEntity): OriginView | null =>
  row.origin_kind && {
    kind: row.origin_kind,
    execution_id: row.origin_execution_id,
    node: row.origin_node,
    visit: row.origin_visit,
  };

export const executionView = (row: ExecutionEntity, visits: readonly Visit[] = []): ExecutionView => ({
  id: row.id,
  tenant_id: row.tenant_id,
  workflow_id: row.workflow_id,
  workflow_version: row.workflow_version,
  status: row.status,
  current_node: row.current_node,
  execution_history: visits.map(historyEntry),
  input_data: row.input_data,
  output_data: row.output_data,
  error_details: row.error_details,
  temporal_workflow_id: row.temporal_workflow_id,
  initiator: row.initiator,
  parent_execution_id: row.parent_execution_id,
  started_by_execution_id: row.started_by_execution_id,
  root_execution_id: row.root_execution_id ?? row.id,
  depth: row.depth,
  origin: originView(row),
  cancel_requested: row.cancel_requested_at !== null,
  paused: row.paused && !isEnded(row.status),
  trace_id: traceId(row.traceparent),
  started_at: iso(row.started_at),
  completed_at: iso(row.completed_at),
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

export const statusView = (row: ExecutionEntity): WorkflowStatusView => ({
  id: row.id,
  workflow_id: row.workflow_id,
  status: row.status,
  current_node: row.current_node,
  started_at: iso(row.started_at),
  completed_at: iso(row.completed_at),
  temporal_workflow_id: row.temporal_workflow_id,
});

export const visitView = (visit: Visit): VisitView => ({
  node: visit.node,
  visit: visit.visit,
  step: visit.step,
  item: visit.item,
  type: visit.type,
  status: visit.status,
  attempts: visit.attempts,
  input: visit.input,
  output: visit.output,
  error: visit.error,
  approval_id: visit.approval_id,
  child_execution_id: visit.child_execution_id,
  started_at: visit.started_at.toISOString(),
  completed_at: iso(visit.completed_at),
});

export const traceView = (row: TraceEntity): TraceView => ({
  id: row.id,
  node: row.node,
  visit: row.visit,
  kind: row.kind,
  name: row.name,
  attributes: row.attributes,
  started_at: row.started_at.toISOString(),
  duration_ms: row.duration_ms,
  trace_id: traceId(row.traceparent),
});
