import { protect } from './protect.js';

/** What a tenant asks of calls above the gates of its workflows. */
export const GATE_POLICIES: readonly string[] = [
  `create table agf_gate_policies (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    name text not null,
    policy jsonb not null check (jsonb_typeof(policy) = 'object'),
    updated_by text not null,
    primary key (tenant_id, id),
    unique (tenant_id, name))`,
  ...protect('agf_gate_policies'),
];
