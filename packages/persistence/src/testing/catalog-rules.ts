import { ROLES } from '../migrations/initial-schema.js';
import { MIGRATIONS_TABLE } from '../migrations/migrate.js';

/** Every table of ours, but the list of migrations: in `public`, or anywhere with a tenant_id. */
const TABLES = `
  ours as (
    select c.oid, c.oid::regclass::text as name, c.relrowsecurity, c.relforcerowsecurity
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and c.relname <> '${MIGRATIONS_TABLE}'
      and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'
      and (n.nspname = 'public' or exists (
        select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped))
  )`;
const TENANT = `current_setting(''app.current_tenant''`;
const hasTenant = (keys: string, table: string): string =>
  `exists (select 1 from pg_attribute a where a.attrelid = ${table} and a.attname = 'tenant_id' and a.attnum = any(${keys}))`;

/** Indexes of what looks across tenants (the relay, the sweeper): by condition, or of ranges; every other one leads with tenant_id. */
const ACROSS = `(indpred is not null or am.amname = 'brin') and not indisunique`;

export const CATALOG_RULES: readonly { says: string; query: string }[] = [
  {
    says: 'has no tenant_id that is a uuid and never null',
    query: `with ${TABLES} select name from ours where not exists (select 1 from pg_attribute a where a.attrelid = ours.oid
      and a.attname = 'tenant_id' and a.atttypid = 'uuid'::regtype and a.attnotnull)`,
  },
  {
    says: 'does not enable and force row-level security',
    query: `with ${TABLES} select name from ours where not (relrowsecurity and relforcerowsecurity)`,
  },
  {
    says: `has no policy that holds ${ROLES.app} to its tenant, in USING and WITH CHECK`,
    query: `with ${TABLES} select name from ours where not exists (select 1 from pg_policy p where p.polrelid = ours.oid
      and p.polpermissive and p.polcmd = '*' and '${ROLES.app}'::regrole::oid = any(p.polroles)
      and pg_get_expr(p.polqual, p.polrelid) like '%${TENANT}%'
      and pg_get_expr(p.polwithcheck, p.polrelid) like '%${TENANT}%')`,
  },
  {
    says: `has a policy for everybody, or a second one for ${ROLES.app}: policies add up`,
    query: `with ${TABLES} select name from ours where exists (select 1 from pg_policy p where p.polrelid = ours.oid
      and (0::oid = any(p.polroles) or ('${ROLES.app}'::regrole::oid = any(p.polroles) and p.polname <> 'tenant')))`,
  },
  {
    says: 'is unique across tenants: an error would tell of foreign rows',
    query: `with ${TABLES} select i.indexrelid::regclass::text as name from pg_index i join ours on ours.oid = i.indrelid
      where i.indisunique and not ${hasTenant('i.indkey::int2[]', 'i.indrelid')}`,
  },
  {
    says: 'does not lead with tenant_id',
    query: `with ${TABLES} select i.indexrelid::regclass::text as name from pg_index i join ours on ours.oid = i.indrelid
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      join pg_class x on x.oid = i.indexrelid join pg_am am on am.oid = x.relam
      where a.attname <> 'tenant_id' and not (${ACROSS})`,
  },
  {
    says: 'refers without tenant_id: it accepts the parent of another tenant',
    query: `with ${TABLES} select ours.name || '.' || k.conname as name from pg_constraint k join ours on ours.oid = k.conrelid
      where k.contype = 'f' and not (${hasTenant('k.conkey', 'k.conrelid')} and ${hasTenant('k.confkey', 'k.confrelid')})`,
  },
  {
    says: "runs with its owner's rights: it shows every tenant",
    query: `select c.oid::regclass::text as name from pg_class c where c.relnamespace = 'public'::regnamespace
      and (c.relkind = 'm' or (c.relkind = 'v' and not coalesce(c.reloptions @> array['security_invoker=true'], false)))`,
  },
  {
    says: "is a function with its owner's rights",
    query: `select p.oid::regprocedure::text as name from pg_proc p
      where p.pronamespace = 'public'::regnamespace and p.prosecdef`,
  },
  {
    says: `belongs to a service's role`,
    query: `select c.oid::regclass::text as name from pg_class c where c.relnamespace = 'public'::regnamespace
      and c.relkind in ('r', 'p', 'v', 'm', 'S') and c.relowner <> '${ROLES.owner}'::regrole`,
  },
];
