import type { ClientBase, QueryResultRow } from 'pg';
import { QueryFailedError } from 'typeorm';

/** SQL with its parameters; what has a name is prepared once a connection. */
export interface Statement {
  name?: string;
  text: string;
  values?: unknown[];
}

export const SET_TENANT = { name: 'agf_set_tenant', text: `select set_config('app.current_tenant', $1, true)` };

/**
 * A whole transaction of the tenant in one write: nothing waits for an answer before it leaves. When a statement fails,
 * the server refuses those after it, and turns the COMMIT into a rollback.
 * @returns the rows of each statement
 * @throws QueryFailedError of the first that failed
 */
export async function sendTransaction(
  client: ClientBase,
  tenantId: string,
  statements: readonly Statement[],
): Promise<QueryResultRow[][]> {
  const begun = [{ text: 'BEGIN' }, { ...SET_TENANT, values: [tenantId] }];
  const all = [...begun, ...statements, { text: 'COMMIT' }];
  const results = await Promise.all(sendAll(client, all));
  return results.slice(begun.length, -1);
}

/** Sends at once; each promise is for the rows of its statement. */
export function sendAll(client: ClientBase, statements: readonly Statement[]): Promise<QueryResultRow[]>[] {
  const sent = statements.map((statement) => rowsOf(client, statement));
  // All of them are awaited together: whichever fails later has a handler already.
  for (const each of sent) each.catch(() => undefined);
  return sent;
}

async function rowsOf(client: ClientBase, statement: Statement): Promise<QueryResultRow[]> {
  try {
    return (await client.query(statement)).rows as QueryResultRow[];
  } catch (error) {
    throw new QueryFailedError(statement.text, statement.values, error as Error);
  }
}
