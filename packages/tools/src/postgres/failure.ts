import { type JsonObject, ToolError } from '@aumos/agf-domain';

/** SQLSTATE classes and codes → what the tool says, and whether another attempt may help. Source: PostgreSQL, appendix A. */
const THE_DATABASES: readonly [pattern: RegExp, code: string, retryable: boolean][] = [
  [/^(08|57P0[1-3]|53|58)/, 'CONNECTION_FAILED', true],
  [/^28/, 'CONNECTION_REFUSED', false],
  [/^3D000/, 'CONNECTION_REFUSED', false],
  [/^42501/, 'CONNECTION_FORBIDS', false],
  [/^3F000/, 'SCHEMA_NOT_FOUND', false],
  [/^(40|55P03|57014)/, 'TABLE_BUSY', true],
];

/** What comes of the database itself, or of what it lets its login do; null: something else. */
export function theDatabases(sqlstate: string, message: string, details: JsonObject): ToolError | null {
  const found = THE_DATABASES.find(([pattern]) => pattern.test(sqlstate));
  return found ? new ToolError(found[1], message, found[2], details) : null;
}

/** What Node and pg throw for a connection that cannot be made or was cut; their text names the address. */
export function cutConnection(error: unknown): ToolError | null {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  const known = typeof code === 'string' || /^(Connection terminated|timeout expired|Client )/.test(String(message));
  if (!known) return null;
  const failed = new ToolError('CONNECTION_FAILED', 'the connection cannot be made, or was cut', true);
  return Object.assign(failed, { cause: error });
}
