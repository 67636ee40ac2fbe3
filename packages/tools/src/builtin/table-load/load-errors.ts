import { CallerError, type JsonObject, shortened, ToolError } from '@aumos/agf-domain';
import pg from 'pg';

/** `COPY cars, line 12, column hp: "abc"`: the stream has a line a row, so the line is the row. */
const WHERE = /^COPY .+?, line (\d+)(?:, column (.+?))?: /s;

/** SQLSTATE classes and codes → what the tool says, and whether another attempt may help. Source: PostgreSQL, appendix A. */
const THE_DATABASES: readonly [pattern: RegExp, code: string, retryable: boolean][] = [
  [/^(08|57P0[1-3]|53|58)/, 'CONNECTION_FAILED', true],
  [/^28/, 'CONNECTION_REFUSED', false],
  [/^3D000/, 'CONNECTION_REFUSED', false],
  [/^42501/, 'CONNECTION_FORBIDS', false],
  [/^3F000/, 'SCHEMA_NOT_FOUND', false],
  [/^(40|55P03|57014)/, 'TABLE_BUSY', true],
];

/** What comes of the file, its header, or the table that was named. */
const THE_CALLERS: readonly [pattern: RegExp, code: string][] = [
  [/^22/, 'TYPE_MISMATCH'],
  [/^23/, 'CONSTRAINT_VIOLATED'],
  // A name that every table has already, like ctid.
  [/^42701/, 'INVALID_IDENTIFIER'],
  [/^42P07/, 'TABLE_EXISTS'],
  [/^54011/, 'TOO_MANY_COLUMNS'],
  [/^54000/, 'ROW_TOO_LARGE'],
  [/^2BP01/, 'TABLE_IN_USE'],
];

/** Never with the connection's address or credentials: only PostgreSQL's own text about the data. */
export function asToolError(error: unknown): unknown {
  if (error instanceof ToolError) return error;
  if (!(error instanceof pg.DatabaseError)) return cutConnection(error) ?? error;
  const state = error.code ?? '';
  const [, row, column] = WHERE.exec(error.where ?? '') ?? [];
  const place = [row && `row ${row}`, column && `column ${JSON.stringify(column)}`].filter(Boolean).join(', ');
  const details: JsonObject = { sqlstate: state };
  if (row) details['row'] = Number(row);
  if (column) details['column'] = column;
  const message = shortened(place ? `${place}: ${error.message}` : error.message);
  const callers = THE_CALLERS.find(([pattern]) => pattern.test(state));
  if (callers) return new CallerError(callers[1], message, details);
  const [, code, retryable] = THE_DATABASES.find(([pattern]) => pattern.test(state)) ?? [null, 'LOAD_FAILED', false];
  return new ToolError(code, message, retryable, details);
}

/** What Node and pg throw for a connection that cannot be made or was cut; their text names the address. */
function cutConnection(error: unknown): ToolError | null {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  const known = typeof code === 'string' || /^(Connection terminated|timeout expired|Client )/.test(String(message));
  if (!known) return null;
  const failed = new ToolError('CONNECTION_FAILED', 'the connection cannot be made, or was cut', true);
  return Object.assign(failed, { cause: error });
}
