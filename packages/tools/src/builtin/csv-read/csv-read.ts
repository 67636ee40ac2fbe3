import {
  type BuiltinTool,
  CallerError,
  type Json,
  type JsonObject,
  jsonSize,
  type ToolContext,
} from '@aumos/agf-domain';
import { readCsv } from '../../csv/read-csv.js';
import { CSV_READ, type CsvReadArguments } from './spec.js';

/** Of rows; what leaves room for the names of columns. */
const MOST_BYTES = 100_000;
const HEARTBEAT_ROWS = 20_000;

export const csvRead: BuiltinTool = {
  spec: CSV_READ,
  run: (args, context) => read(args as unknown as CsvReadArguments, context),
};

/** As many rows as are asked for and fit; one that does not fit alone is RESULT_TOO_LARGE. */
async function read(args: CsvReadArguments, context: ToolContext): Promise<JsonObject> {
  const { from_row = 1, max_rows = 100 } = args;
  const { header, batches } = await readCsv(context.artifacts, args, context.signal);
  const columns = args.columns ?? header.names;
  const places = columns.map((name) => placeOf(name, header.names));
  const result: Json[] = [];
  let bytes = 0;
  for await (const batch of batches) {
    for (const { number, cells } of batch) {
      if (number % HEARTBEAT_ROWS === 0) context.heartbeat({ rows: number });
      if (number < from_row) continue;
      const row = places.map((place) => cells[place] ?? null);
      bytes += jsonSize(row);
      if (result.length === max_rows || (bytes > MOST_BYTES && result.length > 0))
        return { columns, rows: result, next_row: number };
      result.push(row);
    }
  }
  return { columns, rows: result, next_row: null };
}

function placeOf(name: string, names: readonly string[]): number {
  const place = names.indexOf(name);
  if (place < 0) throw new CallerError('COLUMN_NOT_FOUND', `there is no column ${JSON.stringify(name)}`);
  return place;
}
