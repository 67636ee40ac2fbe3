import { protect } from './protect.js';

/** Which hours a tenant's approvals count: one row a tenant, none for every hour. */
export const BUSINESS_HOURS: readonly string[] = [
  `create table agf_business_hours (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    hours jsonb not null check (jsonb_typeof(hours) = 'object'),
    updated_by text not null,
    primary key (tenant_id, id),
    unique (tenant_id))`,
  ...protect('agf_business_hours'),
];
