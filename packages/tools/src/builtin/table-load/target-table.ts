import { CallerError, ToolError } from '@aumos/agf-domain';
import type pg from 'pg';
import { qualified } from './identifiers.js';
import { LEDGER } from './ledger.js';
import { limitLockWaits } from '../../postgres/session.js';
import { type TableLoadArguments } from './spec.js';

/**
 * Whether the load needs a new table, and so the types of all rows.
 * @throws ToolError `TABLE_EXISTS`, `NOT_A_TABLE`, `INVALID_TABLE`
 */
export async function needsNewTable(client: pg.Client, schema: string, args: TableLoadArguments): Promise<boolean> {
  const { table, mode = 'append' } = args;
  if (table === LEDGER) throw new CallerError('INVALID_TABLE', `${LEDGER} is the loads' own table`);
  const there = await found(client, schema, table);
  if (there && mode === 'fail') throw new CallerError('TABLE_EXISTS', `${table} exists already`);
  return !there || mode === 'replace';
}

/**
 * Makes the table ready to take the rows, as the mode says.
 * @param columns SQL of a new table's columns; null when none was needed
 * @returns whether it was created
 */
export async function prepareTable(
  client: pg.Client,
  schema: string,
  args: TableLoadArguments,
  columns: string[] | null,
): Promise<boolean> {
  const name = qualified(schema, args.table);
  // One maker of a table at a time, to its commit: the next one finds it made.
  if (columns) await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
  await limitLockWaits(client);
  if (!(await needsNewTable(client, schema, args))) return false;
  if (!columns) throw new ToolError('TABLE_BUSY', `${args.table} was dropped meanwhile`, true);
  await client.query(`drop table if exists ${name}`);
  await client.query(`create table ${name} (${columns.join(', ')})`);
  return true;
}

async function found(client: pg.Client, schema: string, table: string): Promise<boolean> {
  const { rows } = await client.query<{ relkind: string }>(
    'select relkind from pg_class join pg_namespace n on n.oid = relnamespace where nspname = $1 and relname = $2',
    [schema, table],
  );
  const kind = rows[0]?.relkind;
  if (kind !== undefined && kind !== 'r' && kind !== 'p') {
    throw new CallerError('NOT_A_TABLE', `${table} is something else than a table`);
  }
  return kind !== undefined;
}
