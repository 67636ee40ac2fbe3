import { protect } from './protect.js';

/** What models were used for, and what turns that are under way may still use. Cost is in millionths of the prices' unit. */
export const BUDGETS: readonly string[] = [
  `create table agf_budget_usage (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    scope text not null check (scope in ('tenant', 'agent', 'execution')),
    scope_id uuid not null,
    day date not null,
    tokens bigint not null default 0 check (tokens >= 0),
    cost_micros bigint not null default 0 check (cost_micros >= 0),
    primary key (tenant_id, id),
    unique (tenant_id, scope, scope_id, day))`,
  ...protect('agf_budget_usage'),
  `create table agf_budget_reservations (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    execution_id uuid not null,
    node text not null,
    visit int not null,
    agent_id uuid not null,
    root_execution_id uuid not null,
    tokens bigint not null check (tokens >= 0),
    cost_micros bigint not null check (cost_micros >= 0),
    expires_at timestamptz not null,
    primary key (tenant_id, id),
    unique (tenant_id, execution_id, node, visit),
    foreign key (tenant_id, execution_id) references agf_workflow_executions (tenant_id, id))`,
  ...protect('agf_budget_reservations'),
];
