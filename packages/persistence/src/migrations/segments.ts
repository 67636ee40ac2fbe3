import { ROLES } from './initial-schema.js';

/**
 * A whole transaction of a tenant in one statement: visits, their traces, what followers see of them, and steps. Of a
 * visit that somebody else had ended before, nothing is written, and nothing is told. What is set here is read by the
 * policies of the statements after it.
 * @returns the visits that ended by this
 */
const RECORD = `
  create function agf_record_segment(p_tenant_id uuid, p_execution_id uuid, p_visits jsonb, p_traces jsonb,
    p_events jsonb, p_steps jsonb)
  returns jsonb language plpgsql as $$
  #variable_conflict use_column
  declare
    v_won jsonb;
    v_all boolean;
    v_told jsonb;
  begin
    perform set_config('app.current_tenant', p_tenant_id::text, true);
    with ended as (
      insert into agf_node_visits as v (tenant_id, execution_id, node, visit, step, item, type, status, attempts, input,
        output, error, approval_id, child_execution_id, started_at, completed_at)
      select p_tenant_id, p_execution_id, r.node, r.visit, r.step, r.item, r.type, r.status, coalesce(r.attempts, 1),
        r.input, r.output, nullif(r.error, 'null'), r.approval_id, r.child_execution_id, r.started_at,
        coalesce(r.completed_at, clock_timestamp())
      from jsonb_to_recordset(p_visits) as r (node text, visit int, step int, item int, type text, status text,
        attempts int, input jsonb, output jsonb, error jsonb, approval_id uuid, child_execution_id uuid,
        started_at timestamptz, completed_at timestamptz)
      order by r.node, r.visit
      on conflict (tenant_id, execution_id, node, visit) do update set
        status = excluded.status, output = excluded.output, error = excluded.error,
        attempts = greatest(v.attempts, excluded.attempts),
        approval_id = coalesce(excluded.approval_id, v.approval_id), completed_at = excluded.completed_at
      where v.status = 'running'
      returning v.node, v.visit)
    select coalesce(jsonb_agg(jsonb_build_object('node', node, 'visit', visit)), '[]') into v_won from ended;
    v_all := jsonb_array_length(v_won) = jsonb_array_length(p_visits);
    if jsonb_array_length(p_traces) > 0 then
      insert into agf_execution_traces (tenant_id, execution_id, node, visit, kind, name, attributes, started_at,
        duration_ms, traceparent)
      select p_tenant_id, p_execution_id, t.node, t.visit, t.kind, t.name, t.attributes, t.started_at, t.duration_ms,
        t.traceparent
      from jsonb_to_recordset(p_traces) as t (node text, visit int, kind text, name text, attributes jsonb,
        started_at timestamptz, duration_ms int, traceparent text)
      where v_all or v_won @> jsonb_build_array(jsonb_build_object('node', t.node, 'visit', t.visit));
    end if;
    select jsonb_agg(e.event order by e.place) into v_told
    from jsonb_array_elements(p_events) with ordinality as e (event, place)
    where v_all or v_won @> jsonb_build_array(
      jsonb_build_object('node', e.event->'data'->'node', 'visit', e.event->'data'->'visit'));
    if v_told is not null then
      perform agf_append_execution_events(p_tenant_id, p_execution_id, v_told);
    end if;
    if jsonb_array_length(p_steps) > 0 then
      insert into agf_execution_steps (tenant_id, execution_id, step, due, joins, ended, writes, base)
      select p_tenant_id, p_execution_id, r.step, r.due, r.joins, r.ended, r.writes, nullif(r.base, 'null')
      from jsonb_to_recordset(p_steps)
        as r (step int, due jsonb, joins jsonb, ended boolean, writes jsonb, base jsonb)
      on conflict (tenant_id, execution_id, step) do nothing;
    end if;
    return v_won;
  end $$`;

const SIGNATURE = 'agf_record_segment(uuid, uuid, jsonb, jsonb, jsonb, jsonb)';

export const SEGMENTS: readonly string[] = [
  RECORD,
  `revoke all on function ${SIGNATURE} from public`,
  `grant execute on function ${SIGNATURE} to ${ROLES.app}`,
];
