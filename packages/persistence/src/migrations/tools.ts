import { protect } from './protect.js';

/**
 * A tenant's tools, a row a version. A name is never freed: executions and approvals refer to what it stood for. A secret
 * goes to its hosts only; those that were there before go nowhere.
 */
export const TOOLS: readonly string[] = [
  `create table agf_tool_definitions (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    name text not null check (name ~ '^[a-z][a-z0-9_]{0,63}$'),
    version int not null check (version > 0),
    kind text not null check (kind in ('http')),
    definition jsonb not null,
    enabled boolean not null default true,
    created_by text not null,
    primary key (tenant_id, id),
    unique (tenant_id, name, version))`,
  ...protect('agf_tool_definitions'),
  `alter table agf_secrets add column hosts text[] not null default '{}'`,
];
