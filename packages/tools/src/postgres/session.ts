import { type PostgresConnection, type ToolContext } from '@aumos/agf-domain';
import pg from 'pg';
import { placeOf } from './place-of.js';

const CONNECT_TIMEOUT_MS = 10_000;
/**
 * By these a server notices a dead worker and lets go of its locks, so that the next attempt need not wait for the
 * kernel's hours. Set where the server knows them.
 */
const SETTINGS = {
  client_connection_check_interval: '2s',
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
  idle_in_transaction_session_timeout: '60s',
  datestyle: 'ISO, YMD',
};
const SET_KNOWN = `select set_config(s.name, s.value, false) from unnest($1::text[], $2::text[]) as s (name, value)
  where exists (select 1 from pg_settings p where lower(p.name) = s.name)`;

export interface SessionOptions extends Pick<ToolContext, 'signal' | 'outgoing'> {
  statementTimeoutMs: number;
  /** what the server shows of it */
  purpose: string;
}

/** A connection of its own for one call. Aborting the signal cuts it, and with it whatever runs: PostgreSQL rolls back. */
export async function withSession<T>(
  connection: PostgresConnection,
  { signal, outgoing, statementTimeoutMs, purpose }: SessionOptions,
  fn: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    ...(await placeOf(connection, { signal, outgoing })),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    application_name: `agf ${purpose}`,
    keepAlive: true,
  });
  const close = (): void => void client.end().catch(() => undefined);
  // A connection that is cut while no query runs is only told here; the next query fails anyway.
  client.on('error', () => undefined);
  signal.addEventListener('abort', close, { once: true });
  try {
    signal.throwIfAborted();
    await client.connect();
    await client.query(SET_KNOWN, [Object.keys(SETTINGS), Object.values(SETTINGS)]);
    return await fn(client);
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}

/** After an error the session is over, and its end is the rollback. */
export async function transaction<T>(client: pg.Client, fn: () => Promise<T>): Promise<T> {
  await client.query('begin');
  const result = await fn();
  await client.query('commit');
  return result;
}

/** From here on in the transaction, somebody else's lock on the table is waited for only so long. */
export const limitLockWaits = async (client: pg.Client): Promise<void> =>
  void (await client.query("set local lock_timeout = '30s'"));
