import { ROLES } from './initial-schema.js';
import { protect } from './protect.js';

/**
 * What is too large for a history. The longest that anything waits for is far below the time after which one that was
 * never told of is forgotten.
 */
export const PAYLOADS: readonly string[] = [
  `create table agf_payloads (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    execution_id uuid,
    storage text not null check (storage in ('postgres', 's3')),
    size int not null check (size >= 0),
    content bytea,
    expires_at timestamptz not null default clock_timestamp() + interval '400 days',
    primary key (tenant_id, id),
    check ((content is not null) = (storage = 'postgres')))`,
  // Compressed already where it pays, and never searched.
  `alter table agf_payloads alter column content set storage external`,
  `create index agf_payloads_of on agf_payloads (tenant_id, execution_id)`,
  `create index agf_payloads_expiring on agf_payloads using brin (expires_at) with (autosummarize = on)`,
  ...protect('agf_payloads'),
  `grant select (tenant_id, id, expires_at) on agf_payloads to ${ROLES.sweeper}`,
  `create policy sweeper_reads on agf_payloads for select to ${ROLES.sweeper} using (expires_at < transaction_timestamp())`,
];
