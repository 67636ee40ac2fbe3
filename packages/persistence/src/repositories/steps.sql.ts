const STEP_COLUMNS = 'step, due, joins, ended, writes, base';

/** $1 tenant, $2 execution, $3 the steps as JSON. Whoever recorded a step first recorded it. */
export const RECORD_STEPS = `
  insert into agf_execution_steps (tenant_id, execution_id, ${STEP_COLUMNS})
  select $1::uuid, $2::uuid, r.step, r.due, r.joins, r.ended, r.writes, nullif(r.base, 'null')
  from jsonb_to_recordset($3::jsonb)
    as r (step int, due jsonb, joins jsonb, ended boolean, writes jsonb, base jsonb)
  on conflict (tenant_id, execution_id, step) do nothing`;

/** The last step in which a visit began: of this node, this one, if they are asked for. $1 execution, $2 node, $3 visit */
export const LAST_WITH_VISIT = `
  select step, due from agf_execution_steps
  where execution_id = $1::uuid and due <> '{}'
    and ($2::text is null or due ? $2::text)
    and ($3::int is null or due->$2::text @> jsonb_build_array(jsonb_build_object('visit', $3::int)))
  order by step desc limit 1`;

/** When the last visit of each of these steps ended; a step of which one runs has no row. $1 execution, $2 steps */
export const ENDS_OF_STEPS = `
  select step, max(completed_at) as ended_at from agf_node_visits
  where execution_id = $1::uuid and step = any($2::int[])
  group by step having bool_and(completed_at is not null)`;
