import type pg from 'pg';
import { qualified } from './identifiers.js';
import { type TableLoadResult } from './spec.js';

/** Beside the loaded tables, in their schema and transaction: what makes a load happen once per effect key. */
export const LEDGER = '_agf_loads';

/** Makes the ledger where it is missing; two at once wait for one another. */
export async function ensureLedger(client: pg.Client, schema: string): Promise<void> {
  const name = qualified(schema, LEDGER);
  if (await exists(client, name)) return;
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
  await client.query(`create table if not exists ${name} (
    effect_key text primary key,
    table_name text not null,
    rows bigint,
    result json,
    loaded_at timestamptz not null default clock_timestamp())`);
}

/** What the first load of the effect key did, or null when there was none. */
export async function firstLoad(client: pg.Client, schema: string, effectKey: string): Promise<TableLoadResult | null> {
  const text = `select result from ${qualified(schema, LEDGER)} where effect_key = $1`;
  const { rows } = await client.query<{ result: TableLoadResult }>(text, [effectKey]);
  return rows[0]?.result ?? null;
}

/**
 * Takes the effect key for this transaction. Somebody else who is at it is waited for: then it is theirs, or, if they
 * failed, ours.
 * @returns whether it is ours
 */
export async function claim(client: pg.Client, schema: string, effectKey: string, table: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into ${qualified(schema, LEDGER)} (effect_key, table_name) values ($1, $2) on conflict (effect_key) do nothing`,
    [effectKey, table],
  );
  return rowCount === 1;
}

export async function settle(
  client: pg.Client,
  schema: string,
  effectKey: string,
  result: TableLoadResult,
): Promise<void> {
  await client.query(
    `update ${qualified(schema, LEDGER)} set rows = $2, result = $3, loaded_at = clock_timestamp() where effect_key = $1`,
    [effectKey, result.rows, result],
  );
}

const exists = async (client: pg.Client, name: string): Promise<boolean> =>
  (await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [name])).rows[0]?.there ??
  false;
