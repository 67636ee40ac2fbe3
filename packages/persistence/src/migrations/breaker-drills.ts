import { protect } from './protect.js';

/** A tool that is made to fail for a while, and what that showed. It ends by the clock. */
export const BREAKER_DRILLS: readonly string[] = [
  `create table agf_breaker_drills (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    tool text not null,
    seconds int not null check (seconds between 1 and 3600),
    recovery_seconds int not null check (recovery_seconds between 1 and 3600),
    started_by text not null,
    fault_ends_at timestamptz not null,
    ends_at timestamptz not null,
    calls_failed int not null default 0,
    first_failed_at timestamptz,
    completed_at timestamptz,
    report jsonb,
    primary key (tenant_id, id),
    check ((completed_at is null) = (report is null)))`,
  // One at a time of a tool, or the reports would count each other's calls.
  `create unique index agf_breaker_drills_running on agf_breaker_drills (tenant_id, tool) where completed_at is null`,
  ...protect('agf_breaker_drills'),
];
