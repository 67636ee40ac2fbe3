/** Hot paths: what would be several trips, each in one statement. */

/** $1 the row, $2 its input, $3 idempotency {scope, key, body_hash, ttl_seconds} or null, $4 the default limit */
export const ACCEPT = `select outcome, execution_id from agf_accept_execution($1::jsonb, $2::jsonb, $3::jsonb, $4::int)`;

/** Where the agent of the accepted one remembers; nothing where it was not accepted. $1 id, $2 session */
export const SESSION = `update agf_workflow_executions set session_id = $2 where id = $1::uuid`;

/** Of which execution the accepted one is made; nothing where it was not accepted. $1 id, $2 the columns as JSON */
export const ORIGIN = `
  update agf_workflow_executions e
  set origin_kind = o.origin_kind, origin_execution_id = o.origin_execution_id, origin_node = o.origin_node,
    origin_visit = o.origin_visit, origin_step = o.origin_step, origin_state = nullif(o.origin_state, 'null')
  from jsonb_to_record($2::jsonb) as o (origin_kind text, origin_execution_id uuid, origin_node text,
    origin_visit int, origin_step int, origin_state jsonb)
  where e.id = $1::uuid`;

/** Who made it of which, in the audit log; nothing where it was not accepted. $1 id */
export const ORIGIN_AUDIT = `
  insert into agf_audit_log (tenant_id, actor_id, action, resource_type, resource_id, outcome, details)
  select tenant_id, initiator, 'execution.' || origin_kind, 'execution', origin_execution_id::text, 'allowed',
    jsonb_strip_nulls(jsonb_build_object('execution_id', id, 'node', origin_node, 'visit', origin_visit,
      'state', (select jsonb_agg(name order by name) from jsonb_object_keys(origin_state) as name)))
  from agf_workflow_executions where id = $1::uuid`;

/** By which execution's tool the accepted one was started; nothing where it was not accepted. $1 id, $2 that one, $3 its depth and one */
export const STARTED_BY = `
  with started as (
    update agf_workflow_executions set started_by_execution_id = $2::uuid, start_depth = $3::int
    where id = $1::uuid returning tenant_id, id, initiator, workflow_id, start_depth)
  insert into agf_audit_log (tenant_id, actor_id, action, resource_type, resource_id, outcome, details)
  select tenant_id, initiator, 'workflow.start', 'execution', $2::text, 'allowed',
    jsonb_build_object('execution_id', id, 'workflow_id', workflow_id, 'depth', start_depth) from started`;

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
