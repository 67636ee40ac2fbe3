import { protect } from './protect.js';

const SNAPSHOT = `jsonb_build_object('description', a.description, 'capabilities', a.capabilities,
  'privilege_level', a.privilege_level, 'tool_access', a.tool_access, 'resource_limits', a.resource_limits,
  'model', a.model, 'instructions', a.instructions, 'requires_hitl', a.requires_hitl, 'status', a.status)`;

/** Each version of an agent as it was, and the workflow of one node that its invocations run. */
export const AGENT_VERSIONS: readonly string[] = [
  `alter table agf_agent_definitions add column requires_hitl boolean not null default false`,
  `create table agf_agent_versions (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    agent_id uuid not null,
    version int not null check (version > 0),
    agent jsonb not null,
    changed_by text not null,
    primary key (tenant_id, id),
    unique (tenant_id, agent_id, version),
    foreign key (tenant_id, agent_id) references agf_agent_definitions (tenant_id, id))`,
  ...protect('agf_agent_versions'),
  `insert into agf_agent_versions (tenant_id, agent_id, version, agent, changed_by, created_at)
    select a.tenant_id, a.id, a.version, ${SNAPSHOT}, a.created_by, a.updated_at from agf_agent_definitions a`,
  `alter table agf_workflow_definitions add column agent_id uuid,
    add foreign key (tenant_id, agent_id) references agf_agent_definitions (tenant_id, id),
    add unique (tenant_id, agent_id)`,
];
