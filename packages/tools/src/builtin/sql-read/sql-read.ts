import { type BuiltinTool, CallerError, type JsonObject, type ToolContext } from '@aumos/agf-domain';
import type pg from 'pg';
import { withSession } from '../../postgres/session.js';
import { checkRole } from './check-role.js';
import { asToolError } from './read-errors.js';
import { readRows } from './read-rows.js';
import { QUERY_TIMEOUT_MS, SQL_READ, type SqlReadArguments } from './spec.js';

/** Of one call: pages of huge rows are cut while they come. */
const MOST_RECEIVED_BYTES = 32 * 1024 * 1024;

export const sqlRead: BuiltinTool = {
  spec: SQL_READ,
  run: (args, context) => read(args as unknown as SqlReadArguments, context),
};

/**
 * What nobody undoes is nothing: a login that may only read, in a transaction that may only read, which is rolled back,
 * by a statement that can only be a query.
 */
async function read(args: SqlReadArguments, context: ToolContext): Promise<JsonObject> {
  const connection = await context.connections.resolve('postgres', args.connection);
  const { signal, outgoing } = context;
  const options = { signal, outgoing, statementTimeoutMs: QUERY_TIMEOUT_MS, purpose: 'sql_read' };
  const cut = { tooLarge: false };
  try {
    return await withSession(connection, options, async (client) => {
      limitBytes(client, cut);
      await client.query('begin transaction read only');
      await client.query("set local timezone = 'UTC'; set local lock_timeout = '5s'; set local bytea_output = 'hex'");
      await checkRole(client);
      const end = Date.now() + QUERY_TIMEOUT_MS;
      const result = await readRows(client, args, () => end - Date.now());
      await client.query('rollback');
      return result;
    });
  } catch (error) {
    signal.throwIfAborted();
    if (cut.tooLarge)
      throw new CallerError('RESULT_TOO_LARGE', 'the rows are too large to be read', { limit: MOST_RECEIVED_BYTES });
    throw asToolError(error);
  }
}

/** No driver bounds a row: the connection is. */
function limitBytes(client: pg.Client, cut: { tooLarge: boolean }): void {
  const { stream } = client.connection;
  let received = 0;
  stream.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received <= MOST_RECEIVED_BYTES || cut.tooLarge) return;
    cut.tooLarge = true;
    stream.destroy();
  });
}
