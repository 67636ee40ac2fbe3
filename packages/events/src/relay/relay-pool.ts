import { Pool } from 'pg';

/** The relay's own connections: a batch holds one for its transaction and needs a second for its claim. */
export function createRelayPool(url: string, app: string, lanes: number, onError: (error: Error) => void): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: `${app}:outbox-relay`,
    max: lanes * 2 + 1,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
    query_timeout: 15_000,
    // Longer than a send and a lookup may take; a relay that sleeps longer has lost its shard.
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
  });
  pool.on('error', onError);
  // A connection that is in use reports its end to nobody else.
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}
