import type { QueryResultRow } from 'pg';
import { type ExecutionEntity } from '../entities/index.js';

/** What an idempotency key was used for, as long as it counts. */
export interface HeldStart {
  body_hash: string;
  /** null when it has been removed since */
  execution: ExecutionEntity | null;
}

/** Writes nothing and waits for nobody: a start that is being accepted right now is found by the accepting itself. $1 scope, $2 key */
export const HELD_START = `
  select k.body_hash, e.* from agf_idempotency_keys k
  left join agf_workflow_executions e on e.tenant_id = k.tenant_id and e.id = k.resource_id
  where k.scope = $1 and k.key = $2 and k.expires_at >= clock_timestamp()`;

export function heldStart(row: QueryResultRow | undefined): HeldStart | null {
  if (!row) return null;
  const { body_hash, ...execution } = row as { body_hash: string } & ExecutionEntity;
  return { body_hash, execution: (execution.id as string | null) === null ? null : execution };
}
