import { type JsonObject, ToolError } from '@aumos/agf-domain';
import pg from 'pg';

/** `COPY cars, line 12, column hp: "abc"`: the stream has a line a row, so the line is the row. */
const WHERE = /^COPY .+?, line (\d+)(?:, column (.+?))?: /s;

/** SQLSTATE classes and codes → what the tool says. Source: PostgreSQL, appendix A. */
const BY_STATE: [pattern: RegExp, code: string, retryable: boolean][] = [
  [/^(08|57P0[1-3]|53|58)/, 'CONNECTION_FAILED', true],
  [/^28/, 'CONNECTION_REFUSED', false],
  [/^3D000/, 'CONNECTION_REFUSED', false],
  [/^42501/, 'CONNECTION_FORBIDS', false],
  [/^3F000/, 'SCHEMA_NOT_FOUND', false],
  [/^(40|55P03|57014)/, 'TABLE_BUSY', true],
  [/^2BP01/, 'TABLE_IN_USE', false],
  [/^22/, 'TYPE_MISMATCH', false],
  [/^23/, 'CONSTRAINT_VIOLATED', false],
];

/** Never with the connection's address or credentials: only PostgreSQL's own text about the data. */
export function asToolError(error: unknown): unknown {
  if (error instanceof ToolError) return error;
  if (!(error instanceof pg.DatabaseError)) return cutConnection(error) ?? error;
  const state = error.code ?? '';
  const [, code, retryable] = BY_STATE.find(([pattern]) => pattern.test(state)) ?? [null, 'LOAD_FAILED', false];
  const [, row, column] = WHERE.exec(error.where ?? '') ?? [];
  const place = [row && `row ${row}`, column && `column ${JSON.stringify(column)}`].filter(Boolean).join(', ');
  const details: JsonObject = { sqlstate: state };
  if (row) details['row'] = Number(row);
  if (column) details['column'] = column;
  return new ToolError(code, place ? `${place}: ${error.message}` : error.message, retryable, details);
}

/** What Node and pg throw for a connection that cannot be made or was cut; their text names the address. */
function cutConnection(error: unknown): ToolError | null {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  const known = typeof code === 'string' || /^(Connection terminated|timeout expired|Client )/.test(String(message));
  if (!known) return null;
  const failed = new ToolError('CONNECTION_FAILED', 'the connection cannot be made, or was cut', true);
  return Object.assign(failed, { cause: error });
}
