import { protect } from './protect.js';

/** What those who follow see of an approval, beside its end. */
const SHOWN = [
  ...['status', 'stage', 'rule', 'approvals_required', 'extra_approvers', 'delegations', 'voters', 'expires_at'],
  ...['claimed_by', 'claimed_until', 'escalated_at', 'reminders', 'unfulfillable_since'],
];
const ENDED = `old.status = 'pending' and new.status <> 'pending'`;
const of = (row: 'old' | 'new'): string => SHOWN.map((column) => `${row}.${column}`).join(', ');

/**
 * Changes of approvals, each of the transaction that changed it. Writers do not wait for each other: a change gets its
 * position, which is the tenant's own and only grows, from whoever looks for it once it is committed. So nothing comes
 * to be before a position that was seen. Positions follow the time in milliseconds: one lasts longer than its row.
 */
export const APPROVAL_CHANGES: readonly string[] = [
  `create table agf_hitl_approval_changes (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    approval_id uuid not null,
    kind text not null check (kind in ('opened', 'changed', 'decided')),
    status text not null,
    stage int not null,
    seq bigint generated always as identity,
    position bigint,
    primary key (tenant_id, id))`,
  `create unique index agf_hitl_approval_changes_in_order on agf_hitl_approval_changes (tenant_id, position)
     where position is not null`,
  `create index agf_hitl_approval_changes_new on agf_hitl_approval_changes (tenant_id, seq) where position is null`,
  ...protect('agf_hitl_approval_changes'),
  `create function agf_approval_told() returns trigger language plpgsql as $$
   begin
     insert into agf_hitl_approval_changes (tenant_id, approval_id, kind, status, stage)
       values (new.tenant_id, new.id, tg_argv[0], new.status, new.stage);
     return null;
   end $$`,
  `create trigger told_opened after insert on agf_hitl_approvals
     for each row execute function agf_approval_told('opened')`,
  `create trigger told_decided after update of status on agf_hitl_approvals
     for each row when (${ENDED}) execute function agf_approval_told('decided')`,
  `create trigger told_changed after update of ${SHOWN.join(', ')} on agf_hitl_approvals
     for each row when (not (${ENDED}) and (${of('old')}) is distinct from (${of('new')}))
     execute function agf_approval_told('changed')`,
];
