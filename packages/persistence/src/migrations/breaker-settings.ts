import { protect } from './protect.js';

/** How breakers behave: a tenant's own settings, one row a tenant, none for the platform's; and those of an agent. */
export const BREAKER_SETTINGS: readonly string[] = [
  `create table agf_breaker_settings (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    settings jsonb not null check (jsonb_typeof(settings) = 'object'),
    updated_by text not null,
    primary key (tenant_id, id),
    unique (tenant_id))`,
  ...protect('agf_breaker_settings'),
  `alter table agf_agent_definitions add column circuit_breaker jsonb
    check (circuit_breaker is null or jsonb_typeof(circuit_breaker) = 'object')`,
];
