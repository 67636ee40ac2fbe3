import { VISIT_COLUMNS } from './visits.mapping.js';

const RECORD = `jsonb_to_recordset($1::jsonb) as r (tenant_id uuid, execution_id uuid, node text, visit int, step int,
  item int, type text, status text, attempts int, input jsonb, output jsonb, error jsonb, approval_id uuid,
  child_execution_id uuid, started_at timestamptz, completed_at timestamptz)`;

/**
 * Whoever inserts first, or finds the visit still running, ends it; everybody else gets no row and reads the winner's
 * in a new statement (in this one its snapshot would not see it). $1 the rows as JSON.
 */
export const SETTLE = `
  insert into agf_node_visits as v (tenant_id, ${VISIT_COLUMNS})
  select r.tenant_id, r.execution_id, r.node, r.visit, r.step, r.item, r.type, r.status, coalesce(r.attempts, 1),
    r.input, r.output, nullif(r.error, 'null'), r.approval_id, r.child_execution_id,
    r.started_at, coalesce(r.completed_at, clock_timestamp())
  from ${RECORD}
  order by r.execution_id, r.node, r.visit
  on conflict (tenant_id, execution_id, node, visit) do update set
    status = excluded.status, output = excluded.output, error = excluded.error,
    attempts = greatest(v.attempts, excluded.attempts),
    approval_id = coalesce(excluded.approval_id, v.approval_id), completed_at = excluded.completed_at
  where v.status = 'running'
  returning ${VISIT_COLUMNS}`;

/** A repeated attempt is counted; a visit that ended gives no row. $1 one row as JSON, in a list. */
export const BEGIN = `
  insert into agf_node_visits as v (tenant_id, execution_id, node, visit, step, item, type, status, input,
    child_execution_id, started_at)
  select r.tenant_id, r.execution_id, r.node, r.visit, r.step, r.item, r.type, 'running', r.input,
    r.child_execution_id,
    coalesce(r.started_at, clock_timestamp())
  from ${RECORD}
  on conflict (tenant_id, execution_id, node, visit) do update set attempts = v.attempts + 1,
    child_execution_id = coalesce(excluded.child_execution_id, v.child_execution_id)
  where v.status = 'running'
  returning attempts`;
