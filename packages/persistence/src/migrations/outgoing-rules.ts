import { protect } from './protect.js';

/** Where a tenant's tools may go: one row a tenant, none for every public address. */
export const OUTGOING_RULES: readonly string[] = [
  `create table agf_outgoing_rules (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    only_hosts text[] not null,
    updated_by text not null,
    primary key (tenant_id, id),
    unique (tenant_id))`,
  ...protect('agf_outgoing_rules'),
];
