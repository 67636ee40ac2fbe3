import { ROLES } from './initial-schema.js';

/** Until when it counts as handled long ago. Whoever asks: never within the week that topics keep their events. */
const INBOX_END = `transaction_timestamp() - make_interval(days =>
  greatest(8, coalesce(nullif(current_setting('app.inbox_retention_days', true), '')::int, 31)))`;

/** Rows whose time is over: the sweeper deletes them, of all tenants, and of the table it sees only them, and only ids. */
export const forget = (table: string, over: string): string[] => [
  `grant select (tenant_id, id), delete on ${table} to ${ROLES.sweeper}`,
  `create policy sweeper_reads on ${table} for select to ${ROLES.sweeper} using (${over})`,
  `create policy sweeper_deletes on ${table} for delete to ${ROLES.sweeper} using (${over})`,
];

/** What the sweeper may do about what is too old. */
export const RETENTION: readonly string[] = [
  ...forget('agf_idempotency_keys', 'expires_at < transaction_timestamp()'),
  ...forget('agf_inbox', `created_at < ${INBOX_END}`),
  // By time alone, for the sweeper; costs an insert next to nothing.
  'create index agf_inbox_by_time on agf_inbox using brin (created_at) with (autosummarize = on)',
  // Only found here: content and row are removed in the tenant's own scope.
  `grant select (tenant_id, id, complete, updated_at) on agf_artifacts to ${ROLES.sweeper}`,
  `create policy sweeper_reads on agf_artifacts for select to ${ROLES.sweeper} using (not complete)`,
  'create index agf_artifacts_incomplete on agf_artifacts (updated_at) where not complete',
];
