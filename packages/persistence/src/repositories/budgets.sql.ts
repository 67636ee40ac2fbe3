/** A day of a scope that has none: what an execution uses counts for as long as it runs. */
const DAY = `case when r.scope = 'execution' then date '-infinity' else (clock_timestamp() at time zone 'utc')::date end`;
const SCOPES = `jsonb_to_recordset($2::jsonb) as r (scope text, scope_id uuid)`;

/**
 * Adds to what scopes have used, and locks them until the transaction ends; adding nothing is reading under that lock.
 * In one order, whoever asks. $1 tenant, $2 scopes as JSON, $3 tokens, $4 cost
 */
export const USE = `
  insert into agf_budget_usage as u (tenant_id, scope, scope_id, day, tokens, cost_micros)
  select $1::uuid, r.scope, r.scope_id, ${DAY}, $3::bigint, $4::bigint from ${SCOPES}
  order by r.scope, r.scope_id
  on conflict (tenant_id, scope, scope_id, day) do update
    set tokens = u.tokens + excluded.tokens, cost_micros = u.cost_micros + excluded.cost_micros
  returning u.scope, u.tokens::float8 as tokens, u.cost_micros::float8 as cost_micros`;

/** What other turns that are under way hold. $1 agent, $2 root execution, $3 to $5 the turn @returns a row a scope */
export const HELD = `
  select scope, coalesce(sum(tokens), 0)::float8 as tokens, coalesce(sum(cost_micros), 0)::float8 as cost_micros
  from agf_budget_reservations, unnest(array['tenant', 'agent', 'execution']) as scope
  where expires_at > clock_timestamp() and (execution_id, node, visit) <> ($3::uuid, $4, $5::int)
    and (scope = 'tenant' or (scope = 'agent' and agent_id = $1::uuid)
      or (scope = 'execution' and root_execution_id = $2::uuid))
  group by scope`;

/** A turn that is tried again holds what it needs now. $1 tenant, $2 the row as JSON, $3 seconds that it holds */
export const HOLD = `
  insert into agf_budget_reservations (tenant_id, execution_id, node, visit, agent_id, root_execution_id, tokens,
    cost_micros, expires_at)
  select $1::uuid, r.execution_id, r.node, r.visit, r.agent_id, r.root_execution_id, r.tokens, r.cost_micros,
    clock_timestamp() + make_interval(secs => $3::float8)
  from jsonb_to_record($2::jsonb) as r (execution_id uuid, node text, visit int, agent_id uuid, root_execution_id uuid,
    tokens bigint, cost_micros bigint)
  on conflict (tenant_id, execution_id, node, visit) do update set
    tokens = excluded.tokens, cost_micros = excluded.cost_micros, expires_at = excluded.expires_at`;
