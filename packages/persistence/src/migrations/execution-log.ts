import { ROLES } from './initial-schema.js';
import { protect } from './protect.js';

/** What followers of an execution see, in the order in which it was committed. */
const TABLE = `
  create table agf_execution_events (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    execution_id uuid not null,
    seq bigint not null,
    type text not null,
    data jsonb not null,
    primary key (tenant_id, id),
    unique (tenant_id, execution_id, seq),
    foreign key (tenant_id, execution_id) references agf_workflow_executions (tenant_id, id))`;

/**
 * Counts on and writes. The counter's row stays locked until the commit: an entry is never seen before one of a smaller
 * number, so who has read up to n misses nothing by asking for what is after n.
 */
const APPEND = `
  create function agf_append_execution_events(p_tenant_id uuid, p_execution_id uuid, p_events jsonb)
  returns void language plpgsql as $$
  declare
    v_count int := jsonb_array_length(p_events);
    v_last bigint;
  begin
    insert into agf_event_versions as v (tenant_id, aggregate_type, aggregate_id, version)
    values (p_tenant_id, 'execution_log', p_execution_id::text, v_count)
    on conflict (tenant_id, aggregate_type, aggregate_id) do update set version = v.version + v_count
    returning v.version into v_last;
    insert into agf_execution_events (tenant_id, execution_id, seq, type, data)
    select p_tenant_id, p_execution_id, v_last - v_count + e.place, e.event->>'type', e.event->'data'
    from jsonb_array_elements(p_events) with ordinality as e (event, place);
  end $$`;

const SIGNATURE = 'agf_append_execution_events(uuid, uuid, jsonb)';

export const EXECUTION_LOG: readonly string[] = [
  TABLE,
  ...protect('agf_execution_events'),
  APPEND,
  `revoke all on function ${SIGNATURE} from public`,
  `grant execute on function ${SIGNATURE} to ${ROLES.app}`,
];
