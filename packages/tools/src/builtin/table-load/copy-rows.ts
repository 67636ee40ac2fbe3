import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CallerError, type ToolContext } from '@aumos/agf-domain';
import type pg from 'pg';
import copyStreams from 'pg-copy-streams';
import { type Csv, type CsvRow, readCsv } from '../../csv/read-csv.js';
import { qualified, quoted } from './identifiers.js';
import { raggedRow } from './infer-columns.js';
import { type TableLoadArguments } from './spec.js';

const HEARTBEAT_MS = 1_000;

/**
 * Streams the file's rows into the table by COPY, a line a row.
 * @throws ToolError `RAGGED_ROW`, `COLUMN_MISMATCH`, `NUL_IN_TEXT`; PostgreSQL's own for what does not fit
 */
export async function copyRows(
  client: pg.Client,
  schema: string,
  args: TableLoadArguments,
  context: ToolContext,
): Promise<{ rows: number; columns: number }> {
  const csv = await readCsv(context.artifacts, args, context.signal);
  const { names } = csv.header;
  await refuseUnknownColumns(client, schema, args.table, names);
  const columns = names.map(quoted).join(', ');
  const target = client.query(copyStreams.from(`copy ${qualified(schema, args.table)} (${columns}) from stdin`));
  const counted = { rows: 0 };
  await pipeline(Readable.from(copyText(csv, counted, context), { objectMode: false }), target, {
    signal: context.signal,
  });
  return { rows: counted.rows, columns: names.length };
}

/** COPY's text format. Source: PostgreSQL, COPY, "Text Format". */
async function* copyText(csv: Csv, counted: { rows: number }, context: ToolContext): AsyncGenerator<string> {
  let beat = Date.now();
  for await (const rows of csv.batches) {
    let text = '';
    for (const row of rows) text += line(row, csv.header.names);
    if (text !== '') yield text;
    counted.rows += rows.length;
    if (Date.now() - beat < HEARTBEAT_MS) continue;
    beat = Date.now();
    context.heartbeat({ rows: counted.rows });
  }
}

function line({ number, cells, ragged }: CsvRow, names: string[]): string {
  if (ragged !== undefined) throw raggedRow(number, ragged, cells.length);
  const nul = cells.findIndex((cell) => cell?.includes('\0'));
  if (nul >= 0) throw nulIn(number, names[nul] as string);
  return `${cells.map((cell) => (cell === null ? '\\N' : escaped(cell))).join('\t')}\n`;
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escaped = (cell: string): string => cell.replace(/[\\\n\r\t]/g, (character) => ESCAPES[character] as string);

const nulIn = (row: number, column: string): CallerError =>
  new CallerError(
    'NUL_IN_TEXT',
    `row ${String(row)}, column ${JSON.stringify(column)}: PostgreSQL takes no NUL in text`,
    { row, column },
  );

async function refuseUnknownColumns(client: pg.Client, schema: string, table: string, names: string[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "select attname as name from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped and attgenerated = ''",
    [qualified(schema, table)],
  );
  const known = new Set(rows.map(({ name }) => name));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new CallerError('COLUMN_MISMATCH', `${table} has no column ${JSON.stringify(unknown[0])}`, {
    unknown: unknown.slice(0, 20),
  });
}
