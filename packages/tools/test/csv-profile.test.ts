import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { type Json, type JsonObject, ToolError } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { csvProfile } from '../src/builtin/csv-profile/csv-profile.js';
import { runTool } from '../src/run/run-tool.js';
import { context } from './context.js';

interface Profile {
  rows: number;
  columns: ({ name: string; type: string; nulls: number; distinct: number } & JsonObject)[];
  issues: JsonObject[];
  sample?: Json[][];
  truncated: boolean;
}

const profile = async (content: string | Buffer, args: JsonObject = {}): Promise<Profile> => {
  const ctx = context();
  const source = ctx.artifacts.add(content);
  return (await runTool(csvProfile, { source, ...args }, ctx)) as unknown as Profile;
};
const column = async (...cells: string[]): Promise<JsonObject> =>
  (await profile(['c,k', ...cells.map((cell) => `${cell},1`)].join('\n'))).columns[0] as JsonObject;
const vega = async (file: string, args: JsonObject = {}): Promise<Profile> => {
  const ctx = context();
  return (await runTool(csvProfile, { source: ctx.artifacts.addVega(file), ...args }, ctx)) as unknown as Profile;
};
const types = ({ columns }: Profile): Record<string, string> =>
  Object.fromEntries(columns.map(({ name, type }) => [name, type]));

describe('csv_profile', () => {
  it('tells types, ranges, quantiles and outliers of numbers exactly', async () => {
    const numbers = [...Array.from({ length: 99 }, (_, i) => i + 1), 10_000];
    const [n] = (await profile(`n\n${numbers.join('\n')}\n`)).columns;
    expect(n).toEqual({
      name: 'n',
      type: 'integer',
      nulls: 0,
      distinct: 100,
      distinct_estimated: false,
      min: 1,
      max: 10_000,
      mean: 149.5,
      quantiles: { p05: 5.95, p25: 25.75, p50: 50.5, p75: 75.25, p95: expect.closeTo(95.05) },
      quantiles_estimated: false,
      outliers: { count: 1, low: -48.5, high: 149.5, examples: [10_000] },
    });
  });

  it.each<[string, string[], JsonObject]>([
    ['integers', ['1', '-5', '+7', '0'], { type: 'integer', min: -5, max: 7 }],
    ['numbers', ['1', '2.5', '-1e3', '.5', '7.'], { type: 'number', min: -1000, max: 7 }],
    ['leading zeros', ['00501', '10001'], { type: 'string', min: '00501' }],
    ['integers beyond 2^53', ['9007199254740993', '1'], { type: 'string', max: '9007199254740993' }],
    ['numbers beyond double', ['1e999', '1'], { type: 'string' }],
    ['booleans', ['true', 'FALSE', 'True'], { type: 'boolean', min: false, max: true }],
    ['only true', ['TRUE', 'true'], { type: 'boolean', min: true, max: true }],
    ['dates', ['2024-02-29', '1999/12/31'], { type: 'date', min: '1999-12-31', max: '2024-02-29' }],
    ['impossible dates', ['2023-02-29', '2023-01-01'], { type: 'string' }],
    ['the year 33', ['0033-04-03', '2000-02-29'], { type: 'date', min: '0033-04-03' }],
    ['no leap year', ['1900-02-29'], { type: 'string' }],
    [
      'datetimes',
      ['2024-01-02T03:04:05', '2024-01-02 03:04'],
      { type: 'datetime', min: '2024-01-02T03:04:00.000', max: '2024-01-02T03:04:05.000' },
    ],
    [
      'datetimes with offsets',
      ['2024-01-02T03:04:05+02:00', '2024-01-02T03:04:05.5Z'],
      { type: 'datetime', min: '2024-01-02T01:04:05.000Z', max: '2024-01-02T03:04:05.500Z' },
    ],
    ['datetimes, some with offsets', ['2024-01-02T03:04:05Z', '2024-01-02T03:04:05'], { type: 'string' }],
    ['a mix', ['1', 'x', 'true'], { type: 'string', min: '1', max: 'x' }],
    ['padded numbers', ['" 1"', '2 '], { type: 'integer', min: 1, max: 2 }],
    // PostgreSQL takes neither for a number: table_load must not be led to a column of numbers.
    ['no-break spaces', ['\u00A01', '2'], { type: 'string' }],
    ['byte order marks', ['\uFEFF1', '2'], { type: 'string' }],
    ["ASCII's white space", ['"\t1"', '"\v2 \f"', '"3\r"'], { type: 'integer', min: 1, max: 3 }],
    ['padded booleans', [' true', 'TRUE\t'], { type: 'boolean', min: true, max: true }],
    ['nothing', ['', ''], { type: 'empty', nulls: 2, distinct: 0, min: null, max: null }],
    ['nulls beside numbers', ['1', '', '3'], { type: 'integer', nulls: 1, distinct: 2, mean: 2 }],
    ['NaN and Infinity', ['NaN', 'Infinity'], { type: 'string' }],
    ['huge numbers', ['1e308', '-1e308', '1e308'], { type: 'number', min: -1e308, max: 1e308 }],
  ])('reads %s', async (_name, cells, expected) => {
    expect(await column(...cells)).toMatchObject(expected);
  });

  it('reads quotes, embedded separators, line ends and a byte order mark', async () => {
    const { rows, columns, sample } = await profile(
      '\uFEFFa,"b ""x""",c\r\n"1,5","two\r\nlines",ä\r\n\r\n2,5" disk,😀\r\n',
      { sample_rows: 5 },
    );
    expect(rows).toBe(2);
    expect(columns.map(({ name }) => name)).toEqual(['a', 'b "x"', 'c']);
    expect(sample).toEqual([
      ['1,5', 'two\r\nlines', 'ä'],
      ['2', '5" disk', '😀'],
    ]);
  });

  it('counts ragged rows and odd headers as issues', async () => {
    const { rows, columns, issues } = await profile('a,a,,a_2\n1,2,3,4\n1\n1,2,3,4,5\n');
    expect(rows).toBe(3);
    expect(columns.map(({ name, nulls }) => [name, nulls])).toEqual([
      ['a', 0],
      ['a_3', 1],
      ['column_3', 1],
      ['a_2', 1],
    ]);
    expect(issues).toEqual([
      { code: 'EMPTY_HEADER', count: 1, examples: [3] },
      { code: 'DUPLICATE_HEADER', count: 1, examples: [2] },
      { code: 'RAGGED_ROW', count: 2, examples: [2, 3] },
    ]);
  });

  it('takes other delimiters and null values', async () => {
    const { columns } = await profile('a;b\nNA;1\n-;2,5\n', { delimiter: ';', null_values: ['NA', '-'] });
    expect(columns).toMatchObject([
      { name: 'a', type: 'empty', nulls: 2 },
      { name: 'b', type: 'string', nulls: 0 },
    ]);
  });

  it('profiles a header without rows', async () => {
    expect(await profile('a,b\n')).toMatchObject({
      rows: 0,
      columns: [{ type: 'empty', distinct: 0 }, { name: 'b' }],
      issues: [],
    });
  });

  it('tells all of a narrow file', async () => {
    const { truncated, columns, sample } = await profile('a,b\n1,2\n', { sample_rows: 5 });
    expect([truncated, sample]).toEqual([false, [['1', '2']]]);
    expect(columns[0]).toHaveProperty('quantiles.p50', 1);
  });

  it.each<[string, number, (i: number) => string, string[]]>([
    ['500 columns', 500, (i) => `column_${String(i)}`, ['distinct', 'min', 'mean', 'quantiles']],
    ['1,500 columns', 1500, (i) => `c${String(i)}`, ['distinct']],
    ['2,000 columns', 2000, (i) => `c${String(i)}`, []],
    ['2,000 columns with long names', 2000, (i) => `${'😀"'.repeat(50)}${String(i)}`, []],
  ])('tells less of each of %s, always the same, and says so', async (_name, count, name, members) => {
    const width = Array.from({ length: count }, (_, i) => i);
    const quoted = width.map((i) => `"${name(i).replaceAll('"', '""')}"`);
    const rows = [1, 2, 3].map((row) => width.map((i) => `${String(i)}.${String(row)}5`).join());
    const text = [quoted.join(), ...rows].join('\n');
    const { truncated, columns } = await profile(text);
    expect([truncated, columns.length]).toEqual([true, count]);
    for (const column of columns) {
      expect(column).toMatchObject({ type: 'number', nulls: 0 });
      for (const member of ['distinct', 'min', 'mean', 'quantiles'])
        expect([member, Object.hasOwn(column, member)]).toEqual([member, members.includes(member)]);
      expect(Buffer.from(column.name).toString()).toBe(column.name);
    }
    expect((await profile(text)).columns).toEqual(columns);
  });

  it('shows as many rows as fit', async () => {
    const text = ['a,b', ...Array.from({ length: 50 }, () => `${'ä'.repeat(150)},${'"'.repeat(400)}`)].join('\n');
    const narrow = await profile(text, { sample_rows: 50 });
    expect([narrow.truncated, narrow.sample?.length]).toEqual([false, 50]);
    const header = Array.from({ length: 20 }, (_, i) => `c${String(i)}`).join();
    const row = Array.from({ length: 20 }, () => 'x'.repeat(190)).join();
    const wide = await profile([header, ...Array<string>(50).fill(row)].join('\n'), { sample_rows: 50 });
    expect(wide.truncated).toBe(true);
    expect(wide.sample?.length).toBeGreaterThan(20);
    expect(wide.sample?.length).toBeLessThan(50);
    expect(wide.columns[0]).toHaveProperty('quantiles');
  });

  it('is not led astray by names of Object.prototype', async () => {
    const { columns } = await profile('__proto__,constructor,toString\n1,2,3\n');
    expect(columns.map(({ name, type }) => [name, type])).toEqual([
      ['__proto__', 'integer'],
      ['constructor', 'integer'],
      ['toString', 'integer'],
    ]);
    expect(({} as JsonObject)['type']).toBeUndefined();
  });

  it('shows NUL and long cells in a form that can be stored', async () => {
    const { columns } = await profile(`a\nx\0y\n${'😀'.repeat(500)}\n`);
    expect(columns[0]).toMatchObject({ min: 'x\uFFFDy' });
    const max = columns[0]?.['max'] as string;
    expect(max.length).toBeLessThanOrEqual(200);
    expect(Buffer.from(max).toString()).toBe(max);
  });

  it.each<[string, string | Buffer, string]>([
    ['nothing', '', 'CSV_EMPTY'],
    ['blank lines', '\n\r\n', 'CSV_EMPTY'],
    ['latin-1', Buffer.from('a\nn\xE4chste\n', 'latin1'), 'NOT_UTF8'],
    ['UTF-16', Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le'), 'NOT_UTF8'],
    ['a character that ends with the file', Buffer.from([0x61, 0x0a, 0xe2, 0x82]), 'NOT_UTF8'],
    ['an image', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), 'NOT_UTF8'],
    ['a quote that never ends', 'a\n"x\n1\n', 'CSV_MALFORMED'],
    ['2,001 columns', `${'x,'.repeat(2000)}x\n`, 'TOO_MANY_COLUMNS'],
  ])('refuses %s', async (_name, content, code) => {
    await expect(profile(content)).rejects.toMatchObject({ name: 'ToolError', code, retryable: false });
  });

  it('refuses a row that has no end before it fills the memory', async () => {
    const ctx = context();
    const source = ctx.artifacts.add(async function* () {
      yield Buffer.from('a\n"');
      for (let i = 0; i < 100_000; i++) yield Buffer.alloc(10_000, 'x');
    });
    await expect(runTool(csvProfile, { source }, ctx)).rejects.toMatchObject({ code: 'ROW_TOO_LARGE' });
  });

  it('does not find the artifacts of others', async () => {
    const theirs = context().artifacts.add('a\n1\n');
    await expect(runTool(csvProfile, { source: theirs }, context())).rejects.toMatchObject({
      code: 'ARTIFACT_NOT_FOUND',
    });
  });

  it.each<[string, JsonObject]>([
    ['no source', {}],
    ['a path', { source: '/etc/passwd' }],
    ['a path in an id', { source: 'artifact:../../etc/passwd' }],
    ['unknown members', { source: 'artifact:00000000-0000-4000-8000-000000000000', shell: 'true' }],
    ['a long delimiter', { source: 'artifact:00000000-0000-4000-8000-000000000000', delimiter: ',,' }],
  ])('refuses %s as arguments', async (_name, args) => {
    await expect(runTool(csvProfile, args, context())).rejects.toMatchObject({ code: 'INVALID_ARGUMENTS' });
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const reason = new Error('the worker stops');
    const ctx = context({ signal: stop.signal });
    const closed = { yet: false };
    const source = ctx.artifacts.add(async function* () {
      try {
        yield Buffer.from('a\n');
        for (let i = 0; ; i++) {
          if (i === 100) stop.abort(reason);
          yield Buffer.from('1\n'.repeat(1000));
        }
      } finally {
        closed.yet = true;
      }
    });
    await expect(runTool(csvProfile, { source }, ctx)).rejects.toBe(reason);
    await eventually(() => closed.yet);
  });

  it('estimates beyond its limits, says so, and says the same again', async () => {
    const rows = 150_000;
    const content = `id,half\n${Array.from({ length: rows }, (_, i) => `${String((i * 7919) % rows)},${String(i % 2)}`).join('\n')}\n`;
    const ctx = context();
    const source = ctx.artifacts.add(async function* () {
      for (let i = 0; i < content.length; i += 65_536) yield Buffer.from(content.slice(i, i + 65_536));
    });
    const first = await runTool(csvProfile, { source }, ctx);
    const [id, half] = (first as unknown as Profile).columns;
    expect(id).toMatchObject({ distinct_estimated: true, quantiles_estimated: true, min: 0, max: rows - 1 });
    expect(Math.abs((id?.distinct ?? 0) / rows - 1)).toBeLessThan(0.05);
    expect(Math.abs((id?.['quantiles'] as { p50: number }).p50 / rows - 0.5)).toBeLessThan(0.01);
    expect(id?.['mean']).toBe((rows - 1) / 2);
    expect(half).toMatchObject({ distinct: 2, distinct_estimated: false, mean: 0.5 });
    expect(ctx.beats.length).toBeGreaterThan(5);
    expect(await runTool(csvProfile, { source }, ctx)).toEqual(first);
  });

  it('keeps its memory constant over a large file', async () => {
    // In a process of its own: this one's memory also holds the other tests.
    const child = fileURLToPath(new URL('children/profile-large.mjs', import.meta.url));
    const profiled = async (megabytes: number) => {
      const { stdout } = await promisify(execFile)(process.execPath, [child, String(megabytes)]);
      return JSON.parse(stdout) as { rows: number; most: number };
    };
    const [some, more] = [await profiled(48), await profiled(144)];
    expect(some.rows).toBeGreaterThan(1_000_000);
    expect(more.rows).toBeGreaterThan(2.9 * some.rows);
    // The collector takes its time; a quarter of what was read besides would be what is kept.
    expect(more.most - some.most).toBeLessThan(24 * 1024 * 1024);
  });
});

describe('csv_profile of public data sets', () => {
  it('airports.csv', async () => {
    const result = await vega('airports.csv');
    expect(result.rows).toBe(3376);
    expect(types(result)).toEqual({
      iata: 'string',
      name: 'string',
      city: 'string',
      state: 'string',
      country: 'string',
      latitude: 'number',
      longitude: 'number',
    });
    expect(result.columns[0]).toMatchObject({ distinct: 3376, nulls: 0 });
    expect(result.columns[5]).toMatchObject({ min: 7.367222, max: 71.2854475 });
  });

  it('birdstrikes.csv', async () => {
    const result = await vega('birdstrikes.csv');
    expect(result.rows).toBe(10_000);
    expect(types(result)).toMatchObject({
      'Flight Date': 'date',
      'Cost Total $': 'integer',
      'Wildlife Species': 'string',
    });
  });

  it('zipcodes.csv keeps its leading zeros, github.csv its times, unemployment.tsv its tabs', async () => {
    expect(types(await vega('zipcodes.csv'))).toMatchObject({
      zip_code: 'string',
      latitude: 'number',
      state: 'string',
    });
    expect(types(await vega('github.csv'))).toEqual({ time: 'datetime', count: 'integer' });
    expect(types(await vega('unemployment.tsv', { delimiter: '\t' }))).toEqual({ id: 'integer', rate: 'number' });
  });

  it('flights-airport.csv: its counts have outliers', async () => {
    const { columns } = await vega('flights-airport.csv');
    const outliers = columns[2]?.['outliers'] as JsonObject;
    expect(outliers['count']).toBeGreaterThan(100);
    expect(outliers['examples']).toContain(columns[2]?.['max']);
  });
});

describe('runTool', () => {
  const answering = (result: Json) => ({
    spec: { ...csvProfile.spec, output_schema: { type: 'object' } },
    run: async () => result,
  });
  const source = 'artifact:00000000-0000-4000-8000-000000000000';

  it('refuses a result that is not what the tool promises, or too large', async () => {
    await expect(runTool(answering([1]), { source }, context())).rejects.toMatchObject({ code: 'INVALID_RESULT' });
    await expect(
      runTool(answering({ text: 'x'.repeat(32 * 1024 * 1024) }), { source }, context()),
    ).rejects.toMatchObject({
      code: 'RESULT_TOO_LARGE',
    });
    await expect(runTool(answering({ text: 'x'.repeat(131_000) }), { source }, context())).resolves.toBeDefined();
  });

  it('gives a tool its time, listening or not', async () => {
    const deaf = { spec: { ...csvProfile.spec, timeout_seconds: 0.02 }, run: () => new Promise<Json>(() => undefined) };
    await expect(runTool(deaf, { source }, context())).rejects.toMatchObject({ code: 'TOOL_TIMEOUT', retryable: true });
  });

  it('keeps what an unexpected error says out of the message', async () => {
    const leaking = { spec: csvProfile.spec, run: () => Promise.reject(new Error('postgres://user:secret@host')) };
    const error = await runTool(leaking, { source }, context()).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ToolError);
    expect(
      JSON.stringify({ ...(error as ToolError), cause: undefined, message: (error as ToolError).message }),
    ).not.toContain('secret');
  });
});
