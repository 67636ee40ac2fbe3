import { protect } from './protect.js';

/** Who asked for an agent's higher level, and who decided on it. It ends by the clock. */
export const ELEVATIONS: readonly string[] = [
  `create table agf_agent_elevations (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    agent_id uuid not null,
    agent_version int not null check (agent_version > 0),
    privilege_level int not null check (privilege_level between 2 and 5),
    seconds int not null check (seconds > 0),
    reason text not null,
    requested_by text not null,
    decision text not null default 'requested' check (decision in ('requested', 'granted', 'rejected', 'revoked')),
    expires_at timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, agent_id) references agf_agent_definitions (tenant_id, id))`,
  `create index on agf_agent_elevations (tenant_id, agent_id, expires_at)`,
  ...protect('agf_agent_elevations'),
  `create table agf_agent_elevation_votes (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    elevation_id uuid not null,
    actor text not null,
    decision text not null check (decision in ('approve', 'reject')),
    notes text,
    primary key (tenant_id, id),
    unique (tenant_id, elevation_id, actor),
    foreign key (tenant_id, elevation_id) references agf_agent_elevations (tenant_id, id))`,
  ...protect('agf_agent_elevation_votes'),
];
