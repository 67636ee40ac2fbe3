import { CallerError, type ToolContext } from '@aumos/agf-domain';
import { cellType } from '../../csv/cell-type.js';
import { ColumnTypes } from '../../csv/column-type.js';
import { type CsvArguments } from '../../csv/csv-arguments.js';
import { readCsv } from '../../csv/read-csv.js';
import { quoted } from './identifiers.js';

const HEARTBEAT_ROWS = 50_000;

/** Of every row, so that what is created takes every row: `numeric` keeps each digit of the file. */
const SQL_TYPE = {
  integer: 'bigint',
  number: 'numeric',
  boolean: 'boolean',
  date: 'date',
  string: 'text',
  empty: 'text',
} as const;

/** The columns of a table that takes the file, as SQL. @throws ToolError `RAGGED_ROW` */
export async function inferColumns(args: CsvArguments, context: ToolContext): Promise<string[]> {
  const { header, batches } = await readCsv(context.artifacts, args, context.signal);
  const types = header.names.map(() => new ColumnTypes());
  for await (const rows of batches) {
    for (const { number, cells, ragged } of rows) {
      if (ragged !== undefined) throw raggedRow(number, ragged, cells.length);
      cells.forEach((cell, i) => cell !== null && types[i]?.add(cellType(cell)));
      if (number % HEARTBEAT_ROWS === 0) context.heartbeat({ inspected: number });
    }
  }
  return header.names.map((name, i) => `${quoted(name)} ${sqlType(types[i] as ColumnTypes)}`);
}

export const raggedRow = (row: number, found: number, expected: number): CallerError =>
  new CallerError('RAGGED_ROW', `row ${String(row)} has ${String(found)} cells, the header ${String(expected)}`, {
    row,
  });

function sqlType(column: ColumnTypes): string {
  const { type } = column;
  if (type === 'datetime') return column.zoned ? 'timestamptz' : 'timestamp';
  return SQL_TYPE[type];
}
