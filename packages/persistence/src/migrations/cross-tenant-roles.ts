import { ROLES } from './initial-schema.js';

/**
 * The two roles that look across tenants, and the little that each may.
 * An UPDATE's new row must pass the SELECT policy too: so what the relay marks in its own transaction stays visible to it.
 */
export const CROSS_TENANT_ROLES: readonly string[] = [
  `grant select on agf_outbox to ${ROLES.relay}`,
  `grant update (published_at, sending_at, failed_attempts, last_error, retry_at) on agf_outbox to ${ROLES.relay}`,
  `create policy relay_reads on agf_outbox for select to ${ROLES.relay}
     using (published_at is null or published_at >= transaction_timestamp())`,
  `create policy relay_marks on agf_outbox for update to ${ROLES.relay} using (published_at is null) with check (true)`,
  // Deletes what was published long ago without seeing it: `delete from agf_outbox`, and the policy is the condition.
  `grant delete on agf_outbox to ${ROLES.relay}`,
  `create policy relay_forgets on agf_outbox for delete to ${ROLES.relay}
     using (published_at < transaction_timestamp() - make_interval(days =>
       greatest(1, coalesce(nullif(current_setting('app.outbox_retention_days', true), '')::int, 7))))`,
  // The database's clock, whoever marks: the policy above compares with it.
  `create function agf_mark_published() returns trigger language plpgsql as $$
   begin
     new.published_at := clock_timestamp();
     return new;
   end $$`,
  `create trigger mark_published before update of published_at on agf_outbox for each row
     when (old.published_at is null and new.published_at is not null) execute function agf_mark_published()`,
  `grant select (tenant_id, id, status, created_at, dispatched_at, cancel_requested_at, cancel_requested_by,
     cancel_delivered_at) on agf_workflow_executions to ${ROLES.sweeper}`,
  `create policy sweeper_reads on agf_workflow_executions for select to ${ROLES.sweeper}
     using (status = 'pending' or (cancel_requested_at is not null and cancel_delivered_at is null))`,
  `grant select (tenant_id, id, temporal_workflow_id, decided_at, taken_at) on agf_hitl_approvals to ${ROLES.sweeper}`,
  `create policy sweeper_reads on agf_hitl_approvals for select to ${ROLES.sweeper}
     using (decided_at is not null and taken_at is null)`,
];
