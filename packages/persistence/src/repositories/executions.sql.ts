/** Hot paths: what would be several trips, each in one statement. */

/** $1 the row, $2 its input, $3 idempotency {scope, key, body_hash, ttl_seconds} or null, $4 the default limit */
export const ACCEPT = `select outcome, execution_id from agf_accept_execution($1::jsonb, $2::jsonb, $3::jsonb, $4::int)`;

/** What {@link ACCEPT} wrote. $1 id */
export const ACCEPTED = `select * from agf_workflow_executions where id = $1::uuid`;

/** The row is locked before it is read, so that its slot is given back once. $1 id, $2 status, $3 output, $4 error */
export const FINISH = `
  with before as (
    select tenant_id, id, holds_slot from agf_workflow_executions
    where id = $1::uuid and status in ('pending', 'running', 'paused_hitl') for no key update
  ), ended as (
    update agf_workflow_executions e
    set status = $2, output_data = $3::jsonb, error_details = $4::jsonb, holds_slot = false, open_approvals = 0,
      completed_at = clock_timestamp()
    from before b where e.tenant_id = b.tenant_id and e.id = b.id
    returning b.holds_slot as held_slot, e.breaker_permit, e.created_at, e.started_at, e.completed_at
  )
  select * from ended`;
