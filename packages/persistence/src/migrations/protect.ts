import { ROLES } from './initial-schema.js';

/** What the row-level policies compare with; an unset setting reads back as the empty string. */
const CURRENT_TENANT = `nullif(current_setting('app.current_tenant', true), '')::uuid`;

/** Facts stay as they were written: the application adds to these tables, and does nothing else. */
const APPEND_ONLY = new Set(['agf_audit_log', 'agf_outbox', 'agf_execution_events', 'agf_execution_steps']);

/**
 * Row-level security, the application's rights and the clock of `updated_at`, for one tenant table. Every migration that
 * makes a table applies it; there are no default privileges, so a table without it cannot be read by the application.
 */
export const protect = (table: string): string[] => [
  `alter table ${table} enable row level security`,
  `alter table ${table} force row level security`,
  `create policy tenant on ${table} to ${ROLES.app} using (tenant_id = ${CURRENT_TENANT}) with check (tenant_id = ${CURRENT_TENANT})`,
  `grant select, insert${APPEND_ONLY.has(table) ? '' : ', update, delete'} on ${table} to ${ROLES.app}`,
  `create trigger touch before update on ${table} for each row execute function agf_touch()`,
];

export const TOUCH = `
  create function agf_touch() returns trigger language plpgsql as $$
  begin
    new.updated_at := clock_timestamp();
    return new;
  end $$`;
