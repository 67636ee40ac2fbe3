import { type ExecutionError, type ExecutionStatus, type Json, type JsonObject } from '@aumos/agf-domain';

/** What the API shows, as its callers read it. */
export interface Execution {
  id: string;
  tenant_id: string;
  workflow_id: string;
  workflow_version: number;
  status: ExecutionStatus;
  current_node: string | null;
  input_data: Json;
  output_data: Json;
  error_details: ExecutionError | null;
  temporal_workflow_id: string;
  initiator: string;
  parent_execution_id: string | null;
  root_execution_id: string;
  depth: number;
  origin: { kind: string; execution_id: string | null; node: string | null; visit: number | null } | null;
  cancel_requested: boolean;
  paused: boolean;
  trace_id: string | null;
  started_at: string | null;
  completed_at: string | null;
}

export interface Visit {
  node: string;
  visit: number;
  step: number;
  item: number | null;
  type: string;
  status: string;
  attempts: number;
  input: Json;
  output: Json;
  error: ExecutionError | null;
  approval_id: string | null;
  child_execution_id: string | null;
  started_at: string;
}

export interface Trace {
  node: string | null;
  kind: string;
  name: string;
  attributes: JsonObject;
  trace_id: string | null;
}

export interface Approval {
  id: string;
  tenant_id: string;
  execution_id: string;
  /** from the root */
  path: { execution_id: string; workflow_name: string; node: string; visit: number }[];
  node: string;
  visit: number;
  gate_name: string;
  tool: string | null;
  tool_version: number | null;
  arguments: Json;
  privilege_level: 1 | 2 | 3 | 4 | 5;
  approvals_required: number;
  payload_hash: string;
  status: string;
  requested_by: string;
  expires_at: string;
  escalated_at: string | null;
  created_at: string;
  decided_by: string | null;
  decisions: { actor: string; decision: string }[];
  allowed_decisions: string[];
  edited_by: string[];
  replaces: string | null;
}

export interface Page<T> {
  items: T[];
  total: number;
}

/** Every refusal. */
export interface Problem {
  status: number;
  code: string;
  message: string;
  detail: string;
  details: Record<string, Json> & { fields?: { field: string; error: string }[] };
  request_id: string;
  timestamp: string;
}
