import { protect } from './protect.js';

/** Who must agree on an approval, how far that has come, and what happens when nobody does. */
export const APPROVAL_RULES: readonly string[] = [
  `alter table agf_hitl_approvals
    add column rule jsonb check (rule is null or jsonb_typeof(rule) = 'object'),
    add column times jsonb check (times is null or jsonb_typeof(times) = 'object'),
    add column workflow_name text,
    add column stage int not null default 0 check (stage >= 0),
    add column excluded text[] not null default '{}',
    add column extra_approvers text[] not null default '{}',
    add column delegations jsonb not null default '[]' check (jsonb_typeof(delegations) = 'array'),
    add column claimed_by text,
    add column claimed_until timestamptz,
    add column standing_id uuid,
    add column reminders int not null default 0,
    add column reminded_at timestamptz,
    add column unfulfillable_since timestamptz`,
  `alter table agf_hitl_decisions
    add column stage int not null default 0,
    add column rule text,
    add column source jsonb`,
  `create table agf_hitl_notices (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    approval_id uuid not null,
    kind text not null,
    key text not null,
    "to" jsonb,
    sent_at timestamptz,
    primary key (tenant_id, id),
    unique (tenant_id, approval_id, key),
    foreign key (tenant_id, approval_id) references agf_hitl_approvals (tenant_id, id) on delete cascade)`,
  `create index agf_hitl_notices_unsent on agf_hitl_notices (created_at) where sent_at is null`,
  ...protect('agf_hitl_notices'),
];
