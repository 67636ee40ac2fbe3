import { Readable } from 'node:stream';
import { type ArtifactReader, ToolError } from '@aumos/agf-domain';
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
  rows: AsyncIterable<CsvRow>;
}

/**
 * Streams a CSV artifact (RFC 4180; also LF and CR line ends, a byte order mark, quotes inside unquoted cells). The first
 * record is the header, blank lines are skipped. Constant memory.
 * @throws ToolError `NOT_UTF8`, `CSV_EMPTY`, `CSV_MALFORMED`, `ROW_TOO_LARGE`, `TOO_MANY_COLUMNS`, `ARTIFACT_NOT_FOUND`
 */
export async function readCsv(artifacts: ArtifactReader, args: CsvArguments, signal: AbortSignal): Promise<Csv> {
  signal.throwIfAborted();
  const { content } = await artifacts.open(artifactId(args.source));
  const records = parsed(content, args.delimiter ?? ',', signal);
  const first = await records.next();
  if (first.done) throw new ToolError('CSV_EMPTY', 'the artifact has no header');
  const header = headerOf(first.value);
  return { header, rows: rowsOf(records, header.names.length, new Set(args.null_values)) };
}

async function* rowsOf(
  records: AsyncGenerator<string[]>,
  width: number,
  nulls: ReadonlySet<string>,
): AsyncGenerator<CsvRow> {
  let number = 0;
  for await (const record of records) {
    const cells: CsvRow['cells'] = new Array<string | null>(width).fill(null);
    for (let i = 0; i < width && i < record.length; i++) {
      const cell = record[i] as string;
      if (cell !== '' && !nulls.has(cell)) cells[i] = cell;
    }
    number++;
    yield record.length === width ? { number, cells } : { number, cells, ragged: record.length };
  }
}

async function* parsed(
  content: AsyncIterable<Uint8Array>,
  delimiter: string,
  signal: AbortSignal,
): AsyncGenerator<string[]> {
  const source = Readable.from(checkedUtf8(content), { objectMode: false, signal });
  const parser: Parser = parse({
    bom: true,
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_BYTES,
  });
  source.on('error', (error) => parser.destroy(error));
  try {
    for await (const record of source.pipe(parser)) yield record as string[];
  } catch (error) {
    signal.throwIfAborted();
    throw asToolError(error);
  } finally {
    source.destroy();
    parser.destroy();
  }
}

function asToolError(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    return new ToolError(
      'ROW_TOO_LARGE',
      `a row is longer than ${String(MAX_RECORD_BYTES)} bytes: a quote may be missing`,
    );
  }
  return new ToolError('CSV_MALFORMED', error.message, false, { problem: error.code });
}
