import { ROLES } from './initial-schema.js';
import { protect } from './protect.js';

/** What people and systems tell a running execution; `seq` is the order in which it is delivered, from 1. */
const TABLE = `
  create table agf_execution_commands (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    execution_id uuid not null,
    seq int not null,
    kind text not null check (kind in ('pause', 'resume', 'signal')),
    name text,
    payload jsonb,
    actor text not null,
    delivered_at timestamptz,
    primary key (tenant_id, id),
    unique (tenant_id, execution_id, seq),
    check ((kind = 'signal') = (name is not null)),
    foreign key (tenant_id, execution_id) references agf_workflow_executions (tenant_id, id))`;

export const EXECUTION_COMMANDS: readonly string[] = [
  // `paused`: somebody wants it to stand still. `waiting`: for a time or a signal; the mark counts what was told of that.
  `alter table agf_workflow_executions
     add column paused boolean not null default false,
     add column waiting boolean not null default false,
     add column waiting_mark int not null default 0`,
  TABLE,
  'create index agf_execution_commands_undelivered on agf_execution_commands (created_at) where delivered_at is null',
  ...protect('agf_execution_commands'),
  `grant select (tenant_id, execution_id, created_at, delivered_at) on agf_execution_commands to ${ROLES.sweeper}`,
  `create policy sweeper_reads on agf_execution_commands for select to ${ROLES.sweeper} using (delivered_at is null)`,
];
