import { CallerError, type JsonObject, shortened, ToolError } from '@aumos/agf-domain';
import pg from 'pg';
import { cutConnection, theDatabases } from '../../postgres/failure.js';

/** `COPY cars, line 12, column hp: "abc"`: the stream has a line a row, so the line is the row. */
const WHERE = /^COPY .+?, line (\d+)(?:, column (.+?))?: /s;

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
  return theDatabases(state, message, details) ?? new ToolError('LOAD_FAILED', message, false, details);
}
