import { type BuiltinTool, type PostgresConnection, type ToolContext } from '@aumos/agf-domain';
import type pg from 'pg';
import { transaction, withSession } from '../../postgres/session.js';
import { copyRows } from './copy-rows.js';
import { inferColumns } from './infer-columns.js';
import { claim, ensureLedger, firstLoad, settle } from './ledger.js';
import { asToolError } from './load-errors.js';
import { TABLE_LOAD, type TableLoadArguments, type TableLoadResult } from './spec.js';
import { needsNewTable, prepareTable } from './target-table.js';

const HEARTBEAT_MS = 5_000;

export const tableLoad: BuiltinTool = {
  spec: TABLE_LOAD,
  run: async (args, context) => ({ ...(await load(args as unknown as TableLoadArguments, context)) }),
};

/**
 * The rows and the ledger's row under the visit's effect key are one transaction: however often and by how many workers
 * at once a visit is tried, its rows are there once, and every attempt gets the result of the one that loaded them.
 */
async function load(args: TableLoadArguments, context: ToolContext): Promise<TableLoadResult> {
  const connection = await context.connections.resolve('postgres', args.connection);
  const { signal, outgoing } = context;
  const options = { signal, outgoing, statementTimeoutMs: TABLE_LOAD.timeout_seconds * 1000, purpose: 'table_load' };
  // While it waits for another worker's load there are no rows to count: the worker is alive nevertheless.
  const beat = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
  try {
    return await withSession(connection, options, (client) => loadOnce(client, connection, args, context));
  } catch (error) {
    context.signal.throwIfAborted();
    throw asToolError(error);
  } finally {
    clearInterval(beat);
  }
}

async function loadOnce(
  client: pg.Client,
  { schema }: PostgresConnection,
  args: TableLoadArguments,
  context: ToolContext,
): Promise<TableLoadResult> {
  const { effect_key } = context;
  await transaction(client, () => ensureLedger(client, schema));
  const earlier = await firstLoad(client, schema, effect_key);
  if (earlier) return earlier;
  // The types of all rows are found before anything is locked.
  const columns = (await needsNewTable(client, schema, args)) ? await inferColumns(args, context) : null;
  return transaction(client, async () => {
    if (!(await claim(client, schema, effect_key, args.table))) return theirs(client, schema, effect_key);
    const created = await prepareTable(client, schema, args, columns);
    const loaded = await copyRows(client, schema, args, context);
    const result: TableLoadResult = { table: args.table, schema, ...loaded, created, mode: args.mode ?? 'append' };
    await settle(client, schema, effect_key, result);
    return result;
  });
}

async function theirs(client: pg.Client, schema: string, effectKey: string): Promise<TableLoadResult> {
  const result = await firstLoad(client, schema, effectKey);
  if (!result) throw new Error('a load was recorded without its result');
  return result;
}
