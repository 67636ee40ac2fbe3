import { ROLES } from './initial-schema.js';

/**
 * Counts the aggregate on and writes the event, in one trip. The counter's row stays locked until the transaction ends,
 * so versions have no gaps and `seq` rises with them. An event id that is there already takes the count back.
 */
const APPEND_EVENT = `
  create function agf_append_event(p_event_id uuid, p_tenant_id uuid, p_event_type text, p_aggregate_type text,
    p_aggregate_id text, p_actor_id text, p_correlation_id text, p_occurred_at timestamptz, p_data jsonb, p_traceparent text)
  returns table (version bigint, shard int) language plpgsql as $$
  #variable_conflict use_column
  declare
    v_version bigint;
    v_shard int := hashtextextended(p_tenant_id || ':' || p_aggregate_type || '/' || p_aggregate_id, 0) & 15;
  begin
    insert into agf_event_versions as v (tenant_id, aggregate_type, aggregate_id, version)
    values (p_tenant_id, p_aggregate_type, p_aggregate_id, 1)
    on conflict (tenant_id, aggregate_type, aggregate_id) do update set version = v.version + 1
    returning v.version into v_version;
    insert into agf_outbox (tenant_id, id, shard, event_type, aggregate_type, aggregate_id, version, actor_id,
      correlation_id, occurred_at, data, traceparent)
    values (p_tenant_id, p_event_id, v_shard, p_event_type, p_aggregate_type, p_aggregate_id, v_version, p_actor_id,
      p_correlation_id, p_occurred_at, p_data, p_traceparent)
    on conflict (tenant_id, id) do nothing;
    if not found then
      update agf_event_versions v set version = v.version - 1
      where v.tenant_id = p_tenant_id and v.aggregate_type = p_aggregate_type and v.aggregate_id = p_aggregate_id;
      return query select o.version, o.shard from agf_outbox o where o.tenant_id = p_tenant_id and o.id = p_event_id;
    else
      return query select v_version, v_shard;
    end if;
  end $$`;

/**
 * Idempotency key, slot and pending row of a start. One key's second request waits for the first one's commit. The slot
 * comes late, because its row's lock lasts until the commit.
 */
const ACCEPT_EXECUTION = `
  create function agf_accept_execution(p_row jsonb, p_input jsonb, p_key jsonb, p_default_limit int)
  returns table (outcome text, execution_id uuid) language plpgsql as $$
  declare
    v_row agf_workflow_executions := jsonb_populate_record(null::agf_workflow_executions, p_row);
    v_held agf_idempotency_keys;
  begin
    if p_key is not null then
      insert into agf_idempotency_keys as k (tenant_id, scope, key, body_hash, resource_id, expires_at)
      values (v_row.tenant_id, p_key->>'scope', p_key->>'key', p_key->>'body_hash', v_row.id,
        clock_timestamp() + make_interval(secs => coalesce((p_key->>'ttl_seconds')::int, 86400)))
      on conflict (tenant_id, scope, key) do update
        set body_hash = excluded.body_hash, resource_id = excluded.resource_id, expires_at = excluded.expires_at
        where k.expires_at < clock_timestamp();
      if not found then
        select * into strict v_held from agf_idempotency_keys k
        where k.tenant_id = v_row.tenant_id and k.scope = p_key->>'scope' and k.key = p_key->>'key';
        if v_held.body_hash = p_key->>'body_hash' then
          return query select 'replay', v_held.resource_id;
        else
          return query select 'key_reused', null::uuid;
        end if;
        return;
      end if;
    end if;
    insert into agf_tenant_quotas as q (tenant_id, in_use) values (v_row.tenant_id, 1)
    on conflict (tenant_id) do update set in_use = q.in_use + 1
      where q.in_use < coalesce(q.max_concurrent_workflows, p_default_limit);
    if not found then
      delete from agf_idempotency_keys k
      where k.tenant_id = v_row.tenant_id and k.scope = p_key->>'scope' and k.key = p_key->>'key';
      return query select 'quota_exceeded', null::uuid;
      return;
    end if;
    insert into agf_workflow_executions (tenant_id, id, workflow_id, workflow_version, status, input_data,
      temporal_workflow_id, initiator, initiator_level, initiator_roles, breaker_permit, traceparent, correlation_id)
    values (v_row.tenant_id, v_row.id, v_row.workflow_id, v_row.workflow_version, 'pending', p_input,
      v_row.temporal_workflow_id, v_row.initiator, v_row.initiator_level, v_row.initiator_roles,
      v_row.breaker_permit, v_row.traceparent, v_row.correlation_id);
    return query select 'accepted', v_row.id;
  end $$`;

const appOnly = (signature: string): string[] => [
  `revoke all on function ${signature} from public`,
  `grant execute on function ${signature} to ${ROLES.app}`,
];

export const FUNCTIONS: readonly string[] = [
  APPEND_EVENT,
  ACCEPT_EXECUTION,
  ...appOnly('agf_append_event(uuid, uuid, text, text, text, text, text, timestamptz, jsonb, text)'),
  ...appOnly('agf_accept_execution(jsonb, jsonb, jsonb, int)'),
];
