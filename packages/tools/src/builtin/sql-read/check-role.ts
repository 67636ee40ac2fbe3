import { CallerError } from '@aumos/agf-domain';
import type pg from 'pg';

/** Roles that PostgreSQL ships which do more than read tables. Source: PostgreSQL, "Predefined Roles". */
const POWERFUL = [
  ...['pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program', 'pg_write_all_data'],
  ...['pg_maintain', 'pg_checkpoint', 'pg_create_subscription', 'pg_signal_backend', 'pg_signal_autovacuum_worker'],
];

/** Built-in functions that leave the database, whoever was granted them. */
const REACHING = [
  ...['pg_read_file', 'pg_read_binary_file', 'pg_ls_dir', 'pg_stat_file', 'pg_ls_logdir', 'pg_ls_waldir'],
  ...['lo_import', 'lo_export', 'pg_reload_conf', 'pg_rotate_logfile', 'pg_promote', 'pg_switch_wal'],
];

/** Their functions stay in the database. Others in C, or in a language that is not trusted, may do anything a server can. */
const HARMLESS_EXTENSIONS = [
  ...['btree_gin', 'btree_gist', 'citext', 'cube', 'earthdistance', 'fuzzystrmatch', 'hstore', 'intarray', 'isn'],
  ...['ltree', 'pg_trgm', 'pgcrypto', 'postgis', 'tablefunc', 'unaccent', 'uuid-ossp', 'vector', 'timescaledb'],
];

/** All that the login is, or could become by SET ROLE: a query could do that, too. */
const ROLES = `roles as (select oid, rolname, rolsuper or rolbypassrls or rolcreaterole or rolreplication as mighty
  from pg_roles where pg_has_role(session_user, oid, 'member'))`;

const POWERS = `with ${ROLES}
  select rolname as found from roles where mighty or rolname = any($1::text[])
  union all select p.oid::regprocedure::text from pg_proc p join roles r on has_function_privilege(r.oid, p.oid, 'execute')
    where p.proname = any($2::text[]) and p.pronamespace = 'pg_catalog'::regnamespace
  union all select p.oid::regprocedure::text from pg_proc p
    join pg_language l on l.oid = p.prolang
    join roles r on has_function_privilege(r.oid, p.oid, 'execute')
    where p.oid >= 16384 and not l.lanpltrusted and p.provolatile = 'v' and not exists (
      select 1 from pg_depend d join pg_extension e on e.oid = d.refobjid
      where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.refclassid = 'pg_extension'::regclass
        and d.deptype = 'e' and e.extname = any($3::text[]))
  limit 1`;

const WRITES = `with ${ROLES}
  select 'the database' as found from pg_database d join roles r on r.oid = d.datdba where d.datname = current_database()
  union all select n.nspname from pg_namespace n join roles r on r.oid = n.nspowner where n.nspname !~ '^pg_'
  union all select c.oid::regclass::text from pg_class c join roles r
    on r.oid = c.relowner or (c.relkind in ('r', 'p', 'v', 'f')
      and has_table_privilege(r.oid, c.oid, 'insert, update, delete, truncate'))
    where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
      and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
  limit 1`;

/**
 * A query may be anybody's: a login that could do more than read is not used for one.
 * @throws CallerError `ROLE_TOO_POWERFUL`, `ROLE_CAN_WRITE`, with what it found
 */
export async function checkRole(client: pg.Client): Promise<void> {
  const power = await first(client, POWERS, [POWERFUL, REACHING, HARMLESS_EXTENSIONS]);
  if (power !== null)
    throw new CallerError('ROLE_TOO_POWERFUL', "the connection's login is, or may use, more than reading needs", {
      found: power,
    });
  const writes = await first(client, WRITES);
  if (writes !== null)
    throw new CallerError('ROLE_CAN_WRITE', "the connection's login may write: register one that only reads", {
      found: writes,
    });
}

const first = async (client: pg.Client, text: string, values: unknown[] = []): Promise<string | null> =>
  (await client.query<{ found: string }>(text, values)).rows[0]?.found ?? null;
