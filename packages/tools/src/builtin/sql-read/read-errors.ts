import { CallerError, shortened, ToolError } from '@aumos/agf-domain';
import pg from 'pg';
import { cutConnection, theDatabases } from '../../postgres/failure.js';

/** SQLSTATE → what it is of the query. Source: PostgreSQL, appendix A. */
const THE_QUERIES: readonly [pattern: RegExp, code: string][] = [
  [/^25/, 'NOT_READ_ONLY'],
  [/^57014/, 'QUERY_TIMEOUT'],
  [/^42501/, 'CONNECTION_FORBIDS'],
  [/^(42|0A|26|34)/, 'INVALID_QUERY'],
  [/^(21|22|P0)/, 'QUERY_FAILED'],
  [/^(53|54)/, 'QUERY_TOO_COSTLY'],
];

/** Never with the connection's address or credentials: only PostgreSQL's own text about the query. */
export function asToolError(error: unknown): unknown {
  if (error instanceof ToolError) return error;
  if (!(error instanceof pg.DatabaseError)) return cutConnection(error) ?? error;
  const sqlstate = error.code ?? '';
  const details = { sqlstate };
  const message = shortened(error.message);
  const found = THE_QUERIES.find(([pattern]) => pattern.test(sqlstate));
  if (found) return new CallerError(found[1], message, details);
  return theDatabases(sqlstate, message, details) ?? new ToolError('QUERY_FAILED', message, false, details);
}
