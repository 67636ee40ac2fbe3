import type { ExecutionError, Json, PrivilegeLevel } from '@aumos/agf-domain/runtime';
import type { VisitRecord } from '../common/index.js';

/**
 * Whether a row is of a node of the definition, or of its compensation. What an agent or a team's graph does inside of a
 * visit has rows of its own; only the visit as a whole is compared, and answered.
 */
export const isOfDefinition = ({ node }: { node: string }): boolean => /^[^~]+(~compensate)?$/.test(node);

/** A visit as its row shows it. */
export interface RecordedVisit extends Omit<VisitRecord, 'started_at' | 'completed_at'> {
  /** RFC 3339; null: it has not ended */
  completed_at: string | null;
}

/** An approval as its row and its votes show it. */
export interface RecordedApproval {
  approval_id: string;
  node: string;
  visit: number;
  gate_name: string;
  privilege_level: PrivilegeLevel;
  approvals_required: number;
  tool: string | null;
  arguments: Json;
  status: 'pending' | 'approved' | 'rejected' | 'edited' | 'answered' | 'expired' | 'cancelled';
  decided_by: string[];
  /** RFC 3339 */
  decided_at: string | null;
  notes: string | null;
  /** of `edited`: the arguments; of `answered`: the result */
  given?: Json;
}

export interface RecordedSignal {
  name: string;
  payload: Json;
  /** since the execution's start */
  after_ms: number;
}

/** An execution that has ended, with all that came to it from outside. */
export interface RecordedExecution {
  tenant_id: string;
  execution_id: string;
  workflow_name: string;
  version: number;
  initiator: string;
  /** with the privileges of those above it taken into account */
  initiator_level: PrivilegeLevel;
  /** RFC 3339 */
  started_at: string;
  input: Json;
  status: 'completed' | 'failed';
  output: Json;
  error: ExecutionError | null;
  visits: RecordedVisit[];
  approvals: RecordedApproval[];
  /** in the order in which they came */
  signals: RecordedSignal[];
}
