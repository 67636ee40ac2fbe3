import { ROLES } from './initial-schema.js';
import { protect } from './protect.js';

/**
 * Marks of what may have made pending approvals unfulfillable, or fulfillable again: of people (no approval named, so all
 * of them), or of one approval. A mark is of the change's own transaction, and a row of its own: writers do not wait for
 * each other.
 */
export const PEOPLE_CHANGES: readonly string[] = [
  `create table agf_hitl_people_changes (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    approval_id uuid,
    primary key (tenant_id, id))`,
  ...protect('agf_hitl_people_changes'),
  `grant select (tenant_id, id, created_at) on agf_hitl_people_changes to ${ROLES.sweeper}`,
  `create policy sweeper_reads on agf_hitl_people_changes for select to ${ROLES.sweeper} using (true)`,
  `create index agf_hitl_approvals_pending_by_id on agf_hitl_approvals (tenant_id, id) where status = 'pending'`,
  `create function agf_people_changed() returns trigger language plpgsql as $$
   begin
     insert into agf_hitl_people_changes (tenant_id) values (coalesce(new.tenant_id, old.tenant_id));
     return null;
   end $$`,
  `create trigger people_changed after insert or delete on agf_members
     for each row execute function agf_people_changed()`,
  `create trigger people_changed_also after update on agf_members for each row
     when ((old.sub, old.roles, old.privilege_level, old.origin) is distinct from
       (new.sub, new.roles, new.privilege_level, new.origin)) execute function agf_people_changed()`,
  `create trigger people_changed after insert or update or delete on agf_approver_groups
     for each row execute function agf_people_changed()`,
  `create trigger people_changed after update of members_complete on agf_tenants for each row
     when (old.members_complete is distinct from new.members_complete) execute function agf_people_changed()`,
  `create function agf_approval_changed() returns trigger language plpgsql as $$
   begin
     insert into agf_hitl_people_changes (tenant_id, approval_id) values (new.tenant_id, new.id);
     return null;
   end $$`,
  `create trigger judged_anew after insert or update of stage, rule, approvals_required, extra_approvers, delegations
     on agf_hitl_approvals for each row when (new.status = 'pending') execute function agf_approval_changed()`,
];
