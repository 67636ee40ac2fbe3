import { protect } from './protect.js';

/** What workflows and agents did, an hour a row: counted from events, each once. */
export const CALL_STATISTICS: readonly string[] = [
  `create table agf_call_statistics (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    circuit_key text not null,
    hour timestamptz not null,
    started int not null default 0,
    completed int not null default 0,
    failed int not null default 0,
    cancelled int not null default 0,
    paused int not null default 0,
    invoked int not null default 0,
    failures jsonb not null default '{}',
    durations jsonb not null default '{}',
    primary key (tenant_id, id),
    unique (tenant_id, circuit_key, hour))`,
  `create index agf_call_statistics_by_hour on agf_call_statistics (tenant_id, hour)`,
  ...protect('agf_call_statistics'),
];
