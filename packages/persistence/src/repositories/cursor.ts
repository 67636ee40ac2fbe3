import { ApiError } from '@aumos/agf-domain';

/** SQL that renders a time as {@link Cursor.at} wants it: a JavaScript Date would lose the microseconds. */
export const microseconds = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** The last row of a page. */
export interface Cursor {
  /** RFC 3339 with microseconds */
  at: string;
  id: string;
}

const AT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
/** PostgreSQL refuses a time that is in no calendar or on no clock; a Date makes another one of it. */
function isTime(at: string): boolean {
  const time = AT.test(at) ? Date.parse(at) : NaN;
  return !Number.isNaN(time) && time >= FIRST && new Date(time).toISOString().slice(0, 23) === at.slice(0, 23);
}
const FIRST = Date.parse('0001-01-01T00:00:00Z');
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const encodeCursor = (cursor: Cursor): string => Buffer.from(`${cursor.at}|${cursor.id}`).toString('base64url');

/** @throws ApiError VALIDATION_ERROR for what {@link encodeCursor} did not make */
export function decodeCursor(text: string): Cursor {
  const [at = '', id = ''] = Buffer.from(text, 'base64url').toString('utf8').split('|');
  if (isTime(at) && ID.test(id)) return { at, id };
  throw new ApiError('VALIDATION_ERROR', 'The cursor is not one of ours', {
    fields: [{ field: 'cursor', error: 'unknown cursor' }],
  });
}
