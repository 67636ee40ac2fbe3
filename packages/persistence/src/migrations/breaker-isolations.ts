import { ROLES } from './initial-schema.js';
import { protect } from './protect.js';

/** What people have taken out of use: one row a breaker, gone with its release. The audit log keeps who did what. */
export const BREAKER_ISOLATIONS: readonly string[] = [
  `create table agf_breaker_isolations (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    circuit_key text not null check (length(circuit_key) between 1 and 160),
    reason text not null check (length(reason) between 1 and 1000),
    isolated_by text not null,
    since timestamptz not null,
    expires_at timestamptz,
    primary key (tenant_id, id),
    unique (tenant_id, circuit_key))`,
  ...protect('agf_breaker_isolations'),
  // For who sees to it that they are in force, of all tenants.
  `grant select (tenant_id, circuit_key, expires_at) on agf_breaker_isolations to ${ROLES.sweeper}`,
  `create policy sweeper_reads on agf_breaker_isolations for select to ${ROLES.sweeper} using (true)`,
];
