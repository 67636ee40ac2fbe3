import { ROLES } from './initial-schema.js';
import { protect } from './protect.js';

const OF_EVERY_TABLE = `tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp()`;

/** How people are told of approvals, what was sent, in which words, and the links in it. */
export const APPROVAL_CHANNELS: readonly string[] = [
  // Secrets of a channel are sealed in agf_secrets, by a name made of its id.
  `create table agf_hitl_channels (
    ${OF_EVERY_TABLE},
    name text not null,
    kind text not null check (kind in ('webhook', 'email', 'slack')),
    settings jsonb not null check (jsonb_typeof(settings) = 'object'),
    notices text[] not null default '{}',
    workflows text[] not null default '{}',
    min_privilege_level int not null default 1 check (min_privilege_level between 1 and 5),
    enabled boolean not null default true,
    disabled_by text check (disabled_by in ('admin', 'gone')),
    created_by text not null,
    updated_by text not null,
    primary key (tenant_id, id),
    unique (tenant_id, name),
    check (enabled = (disabled_by is null)))`,
  // `next_at`: when it is sent; of one that is being sent, when it would be sent again if that came to nothing.
  `create table agf_hitl_deliveries (
    ${OF_EVERY_TABLE},
    channel_id uuid not null,
    notice_id uuid,
    approval_id uuid,
    kind text not null,
    message jsonb not null check (jsonb_typeof(message) = 'object'),
    status text not null default 'pending' check (status in ('pending', 'delivered', 'dead')),
    claims int not null default 0,
    failures int not null default 0,
    next_at timestamptz not null default clock_timestamp(),
    attempts jsonb not null default '[]' check (jsonb_typeof(attempts) = 'array'),
    delivered_at timestamptz,
    replayed_at timestamptz,
    primary key (tenant_id, id),
    unique (tenant_id, notice_id, channel_id),
    foreign key (tenant_id, channel_id) references agf_hitl_channels (tenant_id, id) on delete cascade,
    foreign key (tenant_id, approval_id) references agf_hitl_approvals (tenant_id, id) on delete cascade)`,
  `create index agf_hitl_deliveries_due on agf_hitl_deliveries (tenant_id, next_at) where status = 'pending'`,
  `create index agf_hitl_deliveries_by_time on agf_hitl_deliveries (tenant_id, created_at desc, id)`,
  `create index agf_hitl_deliveries_by_channel on agf_hitl_deliveries (tenant_id, channel_id)`,
  `create index agf_hitl_deliveries_by_approval on agf_hitl_deliveries (tenant_id, approval_id)`,
  `create table agf_hitl_templates (
    ${OF_EVERY_TABLE},
    kind text not null,
    subject text not null,
    body text not null,
    updated_by text not null,
    primary key (tenant_id, id),
    unique (tenant_id, kind))`,
  // A link's id is that of the delivery that brought it.
  `create table agf_hitl_links (
    ${OF_EVERY_TABLE},
    approval_id uuid not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    used_by text,
    primary key (tenant_id, id),
    foreign key (tenant_id, approval_id) references agf_hitl_approvals (tenant_id, id) on delete cascade,
    foreign key (tenant_id, id) references agf_hitl_deliveries (tenant_id, id) on delete cascade,
    check ((used_at is null) = (used_by is null)))`,
  `create index agf_hitl_links_by_approval on agf_hitl_links (tenant_id, approval_id)`,
  ...['agf_hitl_channels', 'agf_hitl_deliveries', 'agf_hitl_templates', 'agf_hitl_links'].flatMap(protect),
  // Who delivers, of all tenants, sees which are due and claims them; what is in them is read in the tenant's own scope.
  `grant select (tenant_id, id, sent_at, created_at) on agf_hitl_notices to ${ROLES.sweeper}`,
  `create policy sweeper_reads on agf_hitl_notices for select to ${ROLES.sweeper} using (sent_at is null)`,
  `grant select (tenant_id, id, status, next_at, claims), update (next_at, claims) on agf_hitl_deliveries
     to ${ROLES.sweeper}`,
  `create policy sweeper_reads on agf_hitl_deliveries for select to ${ROLES.sweeper} using (status = 'pending')`,
  `create policy sweeper_claims on agf_hitl_deliveries for update to ${ROLES.sweeper}
     using (status = 'pending') with check (status = 'pending')`,
];
