import { CallerError, type Json, type JsonObject, jsonSize } from '@aumos/agf-domain';
import type pg from 'pg';
import { readerOf } from './json-value.js';
import { DEFAULT_ROWS, type SqlReadArguments } from './spec.js';

const PAGE = 50;
/** Of all rows, as JSON. */
const ROOM_BYTES = 4 * 1024 * 1024;
/** Only a query can be written after it; one of several, none. */
const DECLARE = 'declare agf_read no scroll cursor without hold for ';

/** Values as the server writes them. */
const RAW = { getTypeParser: () => (text: unknown) => text } as unknown as pg.CustomTypesConfig;

interface Page {
  fields: pg.FieldDef[];
  rows: (string | null)[][];
}

/** @param left ms that the query has still @throws CallerError `DUPLICATE_COLUMN`, `RESULT_TOO_LARGE`; PostgreSQL's own */
export async function readRows(
  client: pg.Client,
  { query, parameters = [], max_rows = DEFAULT_ROWS }: SqlReadArguments,
  left: () => number,
): Promise<JsonObject> {
  await limitTime(client, left());
  // The extended protocol takes one statement, whatever stands in its text.
  const declare = { text: DECLARE + query, values: parameters.map(asText), queryMode: 'extended' };
  await client.query(declare);
  const rows: JsonObject[] = [];
  for (let size = 0; ;) {
    await limitTime(client, left());
    // One more than asked for: it tells whether there are more.
    const wanted = Math.min(PAGE, max_rows + 1 - rows.length);
    const page = await fetchPage(client, wanted);
    const { fields } = page;
    const read = rowReader(fields);
    for (const values of page.rows) {
      if (rows.length === max_rows) return told(client, fields, rows, 'rows');
      const row = read(values);
      size += jsonSize(row) + 1;
      if (size > ROOM_BYTES) return told(client, fields, rows, 'bytes');
      rows.push(row);
    }
    if (page.rows.length < wanted) return told(client, fields, rows, null);
  }
}

/** Anew for each statement: a query may have set it otherwise. */
const limitTime = async (client: pg.Client, ms: number): Promise<void> =>
  void (await client.query(`set local statement_timeout = ${String(Math.max(1, Math.floor(ms)))}`));

async function fetchPage(client: pg.Client, rows: number): Promise<Page> {
  const text = `fetch forward ${String(rows)} from agf_read`;
  return client.query<(string | null)[]>({ text, rowMode: 'array', types: RAW });
}

const asText = (value: string | number | boolean | null): string | null => (value === null ? null : String(value));

function rowReader(fields: pg.FieldDef[]): (values: (string | null)[]) => JsonObject {
  const names = fields.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new CallerError('DUPLICATE_COLUMN', `two columns are called ${JSON.stringify(twice)}: name them apart`);
  const readers = fields.map(({ dataTypeID }) => readerOf(dataTypeID));
  const valueOf = (text: string | null, at: number): Json => (text === null ? null : (readers[at]?.(text) ?? null));
  return (values) => Object.fromEntries(values.map((text, at) => [names[at] as string, valueOf(text, at)]));
}

async function told(
  client: pg.Client,
  fields: pg.FieldDef[],
  rows: JsonObject[],
  truncated: 'rows' | 'bytes' | null,
): Promise<JsonObject> {
  if (rows.length === 0 && truncated === 'bytes')
    throw new CallerError('RESULT_TOO_LARGE', 'not even the first row fits into a result', { limit: ROOM_BYTES });
  const text = 'select format_type(t.oid, t.mod) as type from unnest($1::oid[], $2::int[]) as t (oid, mod)';
  const mods = fields.map(({ dataTypeModifier }) => dataTypeModifier);
  const types = await client.query<{ type: string }>(text, [fields.map(({ dataTypeID }) => dataTypeID), mods]);
  const columns = fields.map(({ name }, at) => ({ name, type: types.rows[at]?.type ?? 'unknown' }));
  return { columns, rows, row_count: rows.length, truncated };
}
