import { type ExecutionError, type Json, type VisitStatus } from '@aumos/agf-domain';
import { type VisitEntity } from '../entities/index.js';

export interface VisitKey {
  execution_id: string;
  node: string;
  visit: number;
}
export interface VisitStart extends VisitKey {
  /** LangGraph's superstep */
  step: number;
  item: number | null;
  type: string;
  input: Json;
  /** of a workflow node: the execution that it started */
  child_execution_id?: string | null;
  /** RFC 3339; default now */
  started_at?: string;
}
/** A visit that ended, as the engine reports it. */
export interface EndedVisit extends Omit<VisitStart, 'started_at'> {
  status: Exclude<VisitStatus, 'running'>;
  output: Json;
  error: ExecutionError | null;
  attempts?: number;
  approval_id?: string | null;
  /** RFC 3339 */
  started_at: string;
  /** RFC 3339; default now */
  completed_at?: string;
}
/** What a journal row says, without the row's own columns. */
export type Visit = Pick<
  VisitEntity,
  | 'execution_id'
  | 'node'
  | 'visit'
  | 'step'
  | 'item'
  | 'type'
  | 'status'
  | 'attempts'
  | 'input'
  | 'output'
  | 'error'
  | 'approval_id'
  | 'child_execution_id'
  | 'started_at'
  | 'completed_at'
>;

export const VISIT_COLUMNS =
  'execution_id, node, visit, step, item, type, status, attempts, input, output, error, approval_id, child_execution_id, started_at, completed_at';

/** A row of the journal as one member of the statement's JSON parameter. */
export const toRow = (visit: VisitStart | EndedVisit, tenantId: string): Record<string, unknown> => ({
  ...visit,
  tenant_id: tenantId,
});
