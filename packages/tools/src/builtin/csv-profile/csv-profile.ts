import { type BuiltinTool, type Json, type JsonObject, type ToolContext } from '@aumos/agf-domain';
import { type CsvArguments } from '../../csv/csv-arguments.js';
import { readCsv } from '../../csv/read-csv.js';
import { ColumnProfile, columnLimits } from './column-profile.js';
import { fitted } from './fitted.js';
import { Issues } from './issues.js';
import { shown } from './shown.js';
import { CSV_PROFILE } from './spec.js';

const HEARTBEAT_ROWS = 20_000;

export const csvProfile: BuiltinTool = {
  spec: CSV_PROFILE,
  run: (args, context) => profile(args as unknown as CsvArguments & { sample_rows?: number }, context),
};

/** One pass, constant memory; what is exact and what an estimate is marked in the result. */
async function profile(args: CsvArguments & { sample_rows?: number }, context: ToolContext): Promise<JsonObject> {
  const { header, batches } = await readCsv(context.artifacts, args, context.signal);
  const issues = new Issues(header);
  const limits = columnLimits(header.names.length);
  const columns = header.names.map((name) => new ColumnProfile(name, limits));
  const sample: Json[][] = [];
  let count = 0;
  for await (const rows of batches) {
    for (const { number, cells, ragged } of rows) {
      count = number;
      if (ragged !== undefined) issues.add('RAGGED_ROW', number);
      for (let i = 0; i < columns.length; i++) columns[i]?.add(cells[i] ?? null);
      if (number <= (args.sample_rows ?? 0)) sample.push(cells.map((cell) => (cell === null ? null : shown(cell))));
      if (number % HEARTBEAT_ROWS === 0) context.heartbeat({ rows: number });
    }
  }
  const told = columns.map((column) => column.result());
  return fitted({ source: args.source, rows: count, issues: issues.result() }, told, args.sample_rows ? sample : null);
}
