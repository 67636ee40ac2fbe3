import { CallerError } from '@aumos/agf-domain';
import pg from 'pg';

/** PostgreSQL cuts longer names silently: two columns could become one. */
const MAX_BYTES = 63;

/** A name as it may stand in SQL, whatever is in it. @throws ToolError `INVALID_IDENTIFIER` */
export function quoted(name: string): string {
  if (name === '' || name.includes('\0') || Buffer.byteLength(name) > MAX_BYTES) {
    const shown = JSON.stringify(name.slice(0, 80));
    throw new CallerError(
      'INVALID_IDENTIFIER',
      `${shown} cannot be a name in PostgreSQL: 1 to ${String(MAX_BYTES)} bytes, no NUL`,
    );
  }
  return pg.escapeIdentifier(name);
}

export const qualified = (schema: string, table: string): string => `${quoted(schema)}.${quoted(table)}`;
