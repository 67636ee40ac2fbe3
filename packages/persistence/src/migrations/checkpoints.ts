import { protect } from './protect.js';

/** What each step began with, as what the step before it wrote; never changed once written. */
const TABLE = `
  create table agf_execution_steps (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    execution_id uuid not null,
    step int not null check (step >= 0),
    due jsonb not null,
    joins jsonb not null,
    ended boolean not null,
    writes jsonb not null,
    -- of the first step of an execution that began where another one stood: state, visits and channels before it
    base jsonb,
    primary key (tenant_id, id),
    unique (tenant_id, execution_id, step),
    foreign key (tenant_id, execution_id) references agf_workflow_executions (tenant_id, id))`;

/** An execution that was made of another one: of which, and at which visit it begins. */
const ORIGIN = `
  alter table agf_workflow_executions
    add column origin_kind text check (origin_kind in ('retry', 'fork', 'replay')),
    add column origin_execution_id uuid,
    add column origin_node text,
    add column origin_visit int,
    add column origin_step int,
    -- channels that a fork changes
    add column origin_state jsonb,
    add foreign key (tenant_id, origin_execution_id) references agf_workflow_executions (tenant_id, id)
      on delete set null (origin_execution_id)`;

export const CHECKPOINTS: readonly string[] = [
  TABLE,
  ...protect('agf_execution_steps'),
  ORIGIN,
  `create index agf_workflow_executions_by_origin on agf_workflow_executions (tenant_id, origin_execution_id)
     where origin_execution_id is not null`,
];
