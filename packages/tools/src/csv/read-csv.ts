import { Readable } from 'node:stream';
import { type ArtifactReader, CallerError } from '@aumos/agf-domain';
import { CsvError, parse, type Parser } from 'csv-parse';
import { artifactId, type CsvArguments } from './csv-arguments.js';
import { type CsvHeader, headerOf } from './header.js';
import { checkedUtf8 } from './utf8.js';

/** A record longer than this is taken for a forgotten quote. */
const MAX_RECORD_BYTES = 1024 * 1024;

/** One data row. `cells` has one entry a column; null where the cell is empty, missing or one of the null values. */
export interface CsvRow {
  /** data rows from 1, blank lines not counted */
  number: number;
  cells: (string | null)[];
  /** cells in the file, where that differs from the header's */
  ragged?: number;
}

export interface Csv {
  header: CsvHeader;
  /** in batches: a turn of the event loop a row would cost more than the row */
  batches: AsyncIterable<CsvRow[]>;
}

/**
 * Streams a CSV artifact (RFC 4180; also LF and CR line ends, a byte order mark, quotes inside unquoted cells). The first
 * record is the header, blank lines are skipped. Constant memory.
 * @throws ToolError `NOT_UTF8`, `CSV_EMPTY`, `CSV_MALFORMED`, `ROW_TOO_LARGE`, `TOO_MANY_COLUMNS`, `ARTIFACT_NOT_FOUND`
 */
export async function readCsv(artifacts: ArtifactReader, args: CsvArguments, signal: AbortSignal): Promise<Csv> {
  signal.throwIfAborted();
  const { content } = await artifacts.open(artifactId(args.source));
  const batches = parsed(content, args.delimiter ?? ',', signal);
  const { value: [first, ...others] = [] } = (await batches.next()) as { value?: string[][] };
  if (!first) throw new CallerError('CSV_EMPTY', 'the artifact has no header');
  const header = headerOf(first);
  return { header, batches: rowsOf(others, batches, header.names.length, new Set(args.null_values)) };
}

async function* rowsOf(
  first: string[][],
  others: AsyncIterable<string[][]>,
  width: number,
  nulls: ReadonlySet<string>,
): AsyncGenerator<CsvRow[]> {
  let number = 0;
  const row = (record: string[]): CsvRow => {
    const cells = new Array<string | null>(width).fill(null);
    for (let i = 0; i < width && i < record.length; i++) {
      const cell = record[i] as string;
      if (cell !== '' && !nulls.has(cell)) cells[i] = cell;
    }
    number++;
    return record.length === width ? { number, cells } : { number, cells, ragged: record.length };
  };
  yield first.map(row);
  for await (const batch of others) yield batch.map(row);
}

async function* parsed(
  content: AsyncIterable<Uint8Array>,
  delimiter: string,
  signal: AbortSignal,
): AsyncGenerator<string[][]> {
  const source = Readable.from(checkedUtf8(content), { objectMode: false, signal });
  const parser = parse({
    bom: true,
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_BYTES,
  });
  source.on('error', (error) => parser.destroy(error));
  // An error between two batches is told by the next one.
  parser.on('error', () => undefined);
  source.pipe(parser);
  try {
    while (!parser.readableEnded) {
      const batch = read(parser);
      if (batch.length > 0) yield batch;
      else await moved(parser);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw asToolError(error);
  } finally {
    source.destroy();
    parser.destroy();
  }
}

function read(parser: Parser): string[][] {
  const batch: string[][] = [];
  for (let record = parser.read() as string[] | null; record; record = parser.read() as string[] | null)
    batch.push(record);
  return batch;
}

/** Until there is something to read, or nothing any more. */
const moved = (parser: Parser): Promise<void> =>
  new Promise((resolve, reject) => {
    if (parser.errored) return reject(parser.errored);
    const done = (error?: Error): void => {
      parser.off('readable', done).off('end', done).off('error', done);
      if (error === undefined) resolve();
      else reject(error);
    };
    parser.on('readable', done).on('end', done).on('error', done);
  });

function asToolError(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    return new CallerError(
      'ROW_TOO_LARGE',
      `a row is longer than ${String(MAX_RECORD_BYTES)} bytes: a quote may be missing`,
    );
  }
  return new CallerError('CSV_MALFORMED', error.message, { problem: error.code });
}
