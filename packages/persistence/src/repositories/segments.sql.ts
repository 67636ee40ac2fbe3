import { SETTLE } from './visits.sql.js';

/**
 * Visits, their traces and what followers see of them, in one statement: of a visit that somebody else had ended before,
 * nothing is written, and nothing is told. $1 visits, $2 tenant, $3 execution, $4 traces, $5 events of the log.
 * @returns one row: the visits that ended by this
 */
export const RECORD_SEGMENT = `
  with won as (${SETTLE}),
  traced as (
    insert into agf_execution_traces (tenant_id, execution_id, node, visit, kind, name, attributes, started_at,
      duration_ms, traceparent)
    select $2::uuid, $3::uuid, t.node, t.visit, t.kind, t.name, t.attributes, t.started_at, t.duration_ms, t.traceparent
    from jsonb_to_recordset($4::jsonb) as t (node text, visit int, kind text, name text, attributes jsonb,
      started_at timestamptz, duration_ms int, traceparent text)
    join won on won.node = t.node and won.visit = t.visit),
  told as (
    select jsonb_agg(e.event order by e.place) as events
    from jsonb_array_elements($5::jsonb) with ordinality as e (event, place)
    join won on won.node = e.event->'data'->>'node' and won.visit = (e.event->'data'->>'visit')::int)
  select
    (select coalesce(jsonb_agg(jsonb_build_object('node', won.node, 'visit', won.visit)), '[]') from won) as won,
    (select agf_append_execution_events($2::uuid, $3::uuid, told.events) from told where told.events is not null) as logged`;
