import { protect } from './protect.js';

/** A tenant's agents. A name is never freed: executions and approvals refer to what it stood for. */
export const AGENTS: readonly string[] = [
  `create table agf_agent_definitions (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    name text not null check (length(name) between 1 and 255),
    description text,
    capabilities jsonb not null default '{}',
    privilege_level int not null check (privilege_level between 1 and 5),
    tool_access jsonb not null default '{}',
    resource_limits jsonb not null default '{}',
    model text,
    instructions text not null default '',
    status text not null default 'active' check (status in ('active', 'suspended', 'retired')),
    version int not null default 1 check (version > 0),
    created_by text not null,
    primary key (tenant_id, id),
    unique (tenant_id, name))`,
  ...protect('agf_agent_definitions'),
];
