import { ROLES } from './initial-schema.js';
import { forget } from './retention.js';

const before = (least: number, setting: string): string => `transaction_timestamp() - make_interval(days =>
  greatest(${String(least)}, coalesce(nullif(current_setting('${setting}', true), '')::int, 90)))`;
/** When a notice is long ago. Whoever asks: never within a month. */
const NOTICES_END = before(32, 'app.notices_retention_days');
/** Followers of approvals come back within a week. */
const CHANGES_END = before(8, 'app.approval_changes_retention_days');

/** Of a table of which the sweeper sees other rows as well. */
const alsoForget = (table: string, over: string, columns: string): string[] => [
  `grant select (${columns}), delete on ${table} to ${ROLES.sweeper}`,
  `create policy sweeper_reads_old on ${table} for select to ${ROLES.sweeper} using (${over})`,
  `create policy sweeper_deletes on ${table} for delete to ${ROLES.sweeper} using (${over})`,
];
const byTime = (table: string, column: string): string =>
  `create index ${table}_by_age on ${table} using brin (${column}) with (autosummarize = on)`;

/**
 * What was told long ago, and to whom it led. A delivery stays as long as its link, and a link until long after it could
 * have been used; what is still to be told stays.
 */
export const NOTICE_RETENTION: readonly string[] = [
  ...alsoForget('agf_hitl_notices', `sent_at < ${NOTICES_END}`, 'tenant_id, id, sent_at'),
  // Of links the sweeper sees that they are there: deliveries go after them.
  `grant select (tenant_id, id, expires_at), delete on agf_hitl_links to ${ROLES.sweeper}`,
  `create policy sweeper_reads on agf_hitl_links for select to ${ROLES.sweeper} using (true)`,
  `create policy sweeper_deletes on agf_hitl_links for delete to ${ROLES.sweeper} using (expires_at < ${NOTICES_END})`,
  ...alsoForget(
    'agf_hitl_deliveries',
    `status <> 'pending' and updated_at < ${NOTICES_END} and not exists (
       select from agf_hitl_links l where l.tenant_id = agf_hitl_deliveries.tenant_id and l.id = agf_hitl_deliveries.id)`,
    'tenant_id, id, status, updated_at',
  ),
  ...forget('agf_hitl_approval_changes', `created_at < ${CHANGES_END}`),
  byTime('agf_hitl_notices', 'sent_at'),
  byTime('agf_hitl_links', 'expires_at'),
  byTime('agf_hitl_deliveries', 'updated_at'),
  byTime('agf_hitl_approval_changes', 'created_at'),
];

export const WITHOUT_NOTICE_RETENTION: readonly string[] = [
  ...['agf_hitl_notices', 'agf_hitl_links', 'agf_hitl_deliveries', 'agf_hitl_approval_changes'].flatMap((table) => [
    `drop index ${table}_by_age`,
    `drop policy sweeper_deletes on ${table}`,
    `revoke delete on ${table} from ${ROLES.sweeper}`,
  ]),
  'drop policy sweeper_reads_old on agf_hitl_notices',
  'drop policy sweeper_reads_old on agf_hitl_deliveries',
  `revoke select (updated_at) on agf_hitl_deliveries from ${ROLES.sweeper}`,
  ...['agf_hitl_links', 'agf_hitl_approval_changes'].flatMap((table) => [
    `drop policy sweeper_reads on ${table}`,
    `revoke all on ${table} from ${ROLES.sweeper}`,
  ]),
];
