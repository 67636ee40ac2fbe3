import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type JsonObject, ToolError } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { tableLoad } from '../src/builtin/table-load/table-load.js';
import { runTool } from '../src/run/run-tool.js';
import { Artifacts, context, type TestContext } from './context.js';
import { Warehouse } from './warehouse.js';

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await Warehouse.create();
});
afterAll(() => warehouse.drop());

const ctx = (overrides: Parameters<typeof context>[0] = {}): TestContext =>
  context({ connection: warehouse.connection, ...overrides });
const load = (args: JsonObject, into = ctx()): Promise<JsonObject> =>
  runTool(tableLoad, args, into) as Promise<JsonObject>;
const loadText = (table: string, text: string | Buffer, args: JsonObject = {}): Promise<JsonObject> => {
  const into = ctx();
  return load({ source: into.artifacts.add(text), table, ...args }, into);
};
const loads = (table: string): Promise<JsonObject[]> =>
  warehouse.rows('select effect_key, table_name, rows::int from acme._agf_loads where table_name = $1', [table]);
const caught = async (promise: Promise<unknown>): Promise<ToolError> => {
  const error = await promise.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ToolError);
  return error as ToolError;
};

const WIDE = Array.from({ length: 1600 }, (_, i) => `c${String(i)}`);

describe('table_load', () => {
  it('creates the table with inferred types and loads every row as it is', async () => {
    const text = [
      'id,price,when,at,zoned,ok,text,none',
      '1,12.50,2024-02-29,2024-01-02T03:04:05.678,2024-01-02T03:04:05+02:00,true,"a ""quoted"", cell",',
      '-7,1e3,1999/12/31,2024-01-02 03:04,2024-01-02T03:04:05Z,FALSE,"two\nlines\\N\ttab",',
      ',,,,,,00501,',
    ].join('\r\n');
    const into = ctx();
    const result = await load({ source: into.artifacts.add(text), table: 'typed' }, into);
    expect(result).toEqual({ table: 'typed', schema: 'acme', rows: 3, columns: 8, created: true, mode: 'append' });
    expect(await warehouse.types('typed')).toEqual({
      id: 'bigint',
      price: 'numeric',
      when: 'date',
      at: 'timestamp without time zone',
      zoned: 'timestamp with time zone',
      ok: 'boolean',
      text: 'text',
      none: 'text',
    });
    expect(
      await warehouse.rows(
        `select id::int, price::text, "when"::text, at::text, (zoned at time zone 'UTC')::text as zoned, ok, text, none from acme.typed order by id`,
      ),
    ).toEqual([
      {
        id: -7,
        price: '1000',
        when: '1999-12-31',
        at: '2024-01-02 03:04:00',
        zoned: '2024-01-02 03:04:05',
        ok: false,
        text: 'two\nlines\\N\ttab',
        none: null,
      },
      {
        id: 1,
        price: '12.50',
        when: '2024-02-29',
        at: '2024-01-02 03:04:05.678',
        zoned: '2024-01-02 01:04:05',
        ok: true,
        text: 'a "quoted", cell',
        none: null,
      },
      { id: null, price: null, when: null, at: null, zoned: null, ok: null, text: '00501', none: null },
    ]);
    expect(await loads('typed')).toEqual([{ effect_key: into.effect_key, table_name: 'typed', rows: 3 }]);
  });

  it.each([
    ['birdstrikes.csv', 10_000, { 'Flight Date': 'date', 'Cost Total $': 'bigint', 'Wildlife Species': 'text' }],
    ['zipcodes.csv', 42_049, { zip_code: 'text', latitude: 'numeric' }],
    ['airports.csv', 3_376, { iata: 'text', longitude: 'numeric' }],
    ['seattle-weather-hourly-normals.csv', 8_759, { date: 'timestamp without time zone' }],
  ])('loads the public data set %s', async (file, rows, types) => {
    const into = ctx();
    const table = file.replace(/\W/g, '_');
    expect(await load({ source: into.artifacts.addVega(file), table }, into)).toMatchObject({ rows, created: true });
    expect(await warehouse.count(table)).toBe(rows);
    expect(await warehouse.types(table)).toMatchObject(types);
  });

  it('appends to, replaces, or refuses a table that exists', async () => {
    await loadText('modes', 'a,b\n1,x\n');
    expect(await loadText('modes', 'b,a\ny,2\n')).toMatchObject({ created: false, rows: 1 });
    expect(await warehouse.rows('select a::int, b from acme.modes order by a')).toEqual([
      { a: 1, b: 'x' },
      { a: 2, b: 'y' },
    ]);
    expect(await loadText('modes', 'a,c\nz,3\n', { mode: 'replace' })).toMatchObject({
      created: true,
      mode: 'replace',
    });
    expect(await warehouse.types('modes')).toEqual({ a: 'text', c: 'bigint' });
    expect(await caught(loadText('modes', 'a\n1\n', { mode: 'fail' }))).toMatchObject({
      code: 'TABLE_EXISTS',
      retryable: false,
    });
    expect(await warehouse.count('modes')).toBe(1);
  });

  it('says row and column of what does not fit, and loads nothing of it', async () => {
    await loadText('strict', 'n,day\n1,2024-01-01\n');
    const wrong = `n,day\n${'2,2024-01-02\n'.repeat(5000)}3,"not\na day"\n`;
    const error = await caught(loadText('strict', wrong));
    expect(error).toMatchObject({
      code: 'TYPE_MISMATCH',
      retryable: false,
      fault: 'caller',
      details: { row: 5001, column: 'day' },
    });
    expect(error.message).toContain('row 5001, column "day"');
    expect(await warehouse.count('strict')).toBe(1);
    expect(await loads('strict')).toHaveLength(1);
  });

  it.each<[string, string | Buffer, string]>([
    ['a ragged row', 'a,b\n1,2\n1\n', 'RAGGED_ROW'],
    ['a NUL', 'a\nx\0y\n', 'NUL_IN_TEXT'],
    ['bytes that are no UTF-8', Buffer.from('a\n\xE4\n', 'latin1'), 'NOT_UTF8'],
    ['a column name that PostgreSQL would cut', `${'ä'.repeat(32)}\n1\n`, 'INVALID_IDENTIFIER'],
    ['no header', '', 'CSV_EMPTY'],
    [
      'more columns than a table takes',
      `${Array.from({ length: 1700 }, (_, i) => `c${String(i)}`).join()}\n`,
      'TOO_MANY_COLUMNS',
    ],
    ['a column that every table has', 'a,ctid\n1,2\n', 'INVALID_IDENTIFIER'],
    ['rows longer than a page', `${WIDE.join()}\n${WIDE.map(() => 'x'.repeat(20)).join()}\n`, 'ROW_TOO_LARGE'],
  ])("refuses %s as the caller's fault, and creates no table", async (_name, content, code) => {
    expect(await caught(loadText('refused', content))).toMatchObject({ code, retryable: false, fault: 'caller' });
    expect(await warehouse.types('refused')).toEqual({});
  });

  it('refuses columns that an existing table has not, names them, and breaks no constraint', async () => {
    await warehouse.admin.query(
      'create table acme.made (a int primary key, b text not null, total int generated always as (a + 1) stored)',
    );
    await warehouse.admin.query(`alter table acme.made owner to ${warehouse.connection.id}`);
    expect(await caught(loadText('made', 'a,b,zz\n1,x,2\n'))).toMatchObject({
      code: 'COLUMN_MISMATCH',
      fault: 'caller',
      details: { unknown: ['zz'] },
    });
    expect(await caught(loadText('made', 'a,b,total\n1,x,2\n'))).toMatchObject({ code: 'COLUMN_MISMATCH' });
    expect(await caught(loadText('made', 'a,b\n1,x\n1,y\n'))).toMatchObject({
      code: 'CONSTRAINT_VIOLATED',
      fault: 'caller',
    });
    expect(await caught(loadText('made', 'a,b\n1,\n'))).toMatchObject({
      code: 'CONSTRAINT_VIOLATED',
      details: { row: 1 },
    });
    expect(await warehouse.count('made')).toBe(0);
  });

  it('takes hostile column names for what they are: names', async () => {
    const names = [
      'a"; drop table acme.typed; --',
      "b'); select 1; --",
      '__proto__',
      'select',
      'x\ty',
      'ÄÖ 😀',
      '%s$1\\',
    ];
    await loadText(
      'hostile',
      `${names.map((name) => `"${name.replaceAll('"', '""')}"`).join()}\n${names.map(() => '1').join()}\n`,
    );
    expect(Object.keys(await warehouse.types('hostile'))).toEqual(names);
    expect(await warehouse.count('typed')).toBe(3);
  });

  it.each([
    'x"; drop table acme.typed; --',
    'acme.typed',
    'a b',
    '',
    '1a',
    'x'.repeat(64),
    '../x',
    'pg_catalog.pg_class',
    'ä',
  ])('refuses %j as a table', async (table) => {
    expect(await caught(loadText(table, 'a\n1\n'))).toMatchObject({ code: 'INVALID_ARGUMENTS' });
  });

  it('refuses its own ledger and views as a table', async () => {
    expect(await caught(loadText('_agf_loads', 'effect_key,table_name\nx,y\n'))).toMatchObject({
      code: 'INVALID_TABLE',
    });
    await warehouse.admin.query('create view acme.looking as select 1 as a');
    for (const mode of ['append', 'replace', 'fail']) {
      expect(await caught(loadText('looking', 'a\n1\n', { mode }))).toMatchObject({
        code: 'NOT_A_TABLE',
        fault: 'caller',
      });
    }
  });

  it('refuses to make a table that exists, or one that others depend on: neither is a fault of its own', async () => {
    await loadText('there', 'a\n1\n');
    expect(await caught(loadText('there', 'a\n1\n', { mode: 'fail' }))).toMatchObject({
      code: 'TABLE_EXISTS',
      fault: 'caller',
    });
    await warehouse.admin.query('create view acme.over_there as select * from acme.there');
    expect(await caught(loadText('there', 'a\n1\n', { mode: 'replace' }))).toMatchObject({
      code: 'TABLE_IN_USE',
      fault: 'caller',
    });
  });

  it('takes the types that csv_profile tells: what PostgreSQL cannot read as a number is text', async () => {
    await loadText('spaces', 'nbsp,ascii,mark\n\u00A01, 1,\uFEFF1\n');
    expect(await warehouse.types('spaces')).toEqual({ nbsp: 'text', ascii: 'bigint', mark: 'text' });
    expect(await warehouse.rows('select nbsp, ascii::int from acme.spaces')).toEqual([{ nbsp: '\u00A01', ascii: 1 }]);
  });

  it('shortens what PostgreSQL says of a long cell', async () => {
    await loadText('numbers', 'n\n1\n');
    const { message, code } = await caught(loadText('numbers', `n\n${'😀'.repeat(5_000)}\n`));
    expect([code, [...message].length]).toEqual(['TYPE_MISMATCH', 2_000]);
    expect(Buffer.from(message).toString()).toBe(message);
  });

  it('loads once per visit, however often it is tried, and answers alike', async () => {
    const into = ctx();
    const args = { source: into.artifacts.add('a\n1\n2\n'), table: 'once', mode: 'fail' };
    const first = await load(args, into);
    expect(await load(args, into)).toEqual(first);
    expect(await load(args, { ...into, artifacts: new Artifacts() })).toEqual(first);
    expect(await warehouse.count('once')).toBe(2);
    await load({ ...args, mode: 'append' }, ctx({ artifacts: into.artifacts }));
    expect(await warehouse.count('once')).toBe(4);
  });

  it('lets eight attempts of one visit at once load its rows once', async () => {
    const into = ctx();
    const args = { source: into.artifacts.addVega('airports.csv'), table: 'at_once' };
    const results = await Promise.all(Array.from({ length: 8 }, () => load(args, into)));
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
    expect(await warehouse.count('at_once')).toBe(3376);
    expect(await loads('at_once')).toHaveLength(1);
  });

  it('lets eight visits at once create one table and load each its rows', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => loadText('together', 'a\n1\n2\n')));
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    expect(await warehouse.count('together')).toBe(16);
  });

  it('stops in the middle of the COPY when it is told to, and leaves nothing', async () => {
    const stop = new AbortController();
    const reason = new Error('cancelled');
    const into = ctx({ signal: stop.signal });
    let opened = 0;
    const source = into.artifacts.add(async function* () {
      opened++;
      yield Buffer.from('a\n');
      for (let i = 0; opened === 1 ? i < 5 : true; i++) {
        if (i === 100) stop.abort(reason);
        yield Buffer.from('1\n'.repeat(10_000));
      }
    });
    await expect(load({ source, table: 'stopped' }, into)).rejects.toBe(reason);
    await idle();
    expect(await warehouse.types('stopped')).toEqual({});
    expect(await loads('stopped')).toEqual([]);
  });

  it('does not wait for a lock when it is told to stop', async () => {
    await loadText('locked', 'a\n1\n');
    const holder = await warehouse.admin.connect();
    await holder.query('begin; lock table acme.locked in access exclusive mode');
    const stop = new AbortController();
    const waiting = loadStopped('locked', stop);
    await eventually(async () => (await activity("wait_event_type = 'Lock'")) === 1);
    stop.abort(new Error('cancelled'));
    await expect(waiting).rejects.toThrow('cancelled');
    await holder.query('rollback');
    holder.release();
    await idle();
    expect(await warehouse.count('locked')).toBe(1);
  });

  it('tells its progress', async () => {
    const into = ctx();
    let opened = 0;
    const source = into.artifacts.add(async function* () {
      opened++;
      yield Buffer.from('a\n');
      for (let i = 0; opened === 1 ? i < 1 : into.beats.length < 2; i++) yield Buffer.from('1\n'.repeat(1000));
    });
    await load({ source, table: 'progress' }, into);
    expect(into.beats.at(-1)).toEqual({ rows: expect.any(Number) });
  });

  it('does not find the artifacts and connections of others', async () => {
    const theirs = ctx().artifacts.add('a\n1\n');
    expect(await caught(load({ source: theirs, table: 'x' }))).toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
    const source = 'artifact:00000000-0000-4000-8000-000000000000';
    expect(await caught(load({ source, table: 'x', connection: 'theirs' }, context()))).toMatchObject({
      code: 'CONNECTION_NOT_FOUND',
    });
  });

  it.each<[string, (url: URL) => void, string, boolean]>([
    ['nobody listens', (url) => (url.port = '1'), 'CONNECTION_FAILED', true],
    ['the password is wrong', (url) => (url.password = 'wrong'), 'CONNECTION_REFUSED', false],
    ['the database is not there', (url) => (url.pathname = 'nowhere'), 'CONNECTION_REFUSED', false],
  ])('says so without a secret when %s', async (_name, change, code, retryable) => {
    const url = new URL(warehouse.connection.url);
    change(url);
    const into = ctx({ connection: { ...warehouse.connection, url: url.href } });
    const error = await caught(load({ source: into.artifacts.add('a\n1\n'), table: 'x' }, into));
    expect(error).toMatchObject({ code, retryable });
    expect(`${error.message}${JSON.stringify(error.details)}`).not.toMatch(/s3cret|wrong|127\.0\.0\.1/);
  });

  it('says so when the schema is not there, or not the role’s', async () => {
    const other = (schema: string): TestContext => ctx({ connection: { ...warehouse.connection, schema } });
    for (const [schema, code] of [
      ['nowhere', 'SCHEMA_NOT_FOUND'],
      ['pg_catalog', 'CONNECTION_FORBIDS'],
      ['x"; drop schema acme cascade; --', 'SCHEMA_NOT_FOUND'],
    ] as const) {
      const into = other(schema);
      expect(await caught(load({ source: into.artifacts.add('a\n1\n'), table: 'x' }, into))).toMatchObject({ code });
    }
  });
});

describe('a worker that dies in the middle of a load', () => {
  let child: ChildProcess | undefined;
  afterEach(() => void child?.kill('SIGKILL'));

  it('leaves nothing, and the next attempt loads each row once', async () => {
    const into = ctx();
    const rows = (from: number, to: number): Buffer =>
      Buffer.from(
        Array.from({ length: to - from }, (_, i) => `${String(from + i)},text ${String(from + i)}\n`).join(''),
      );
    const source = into.artifacts.add(async function* () {
      yield Buffer.from('id,text\n');
      yield rows(0, 100_000);
    });
    const script = fileURLToPath(new URL('children/load-slowly.mjs', import.meta.url));
    const argument = JSON.stringify({ connection: warehouse.connection, effect_key: into.effect_key });
    child = spawn(process.execPath, [script, argument], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    expect(said.toString()).toBe('half\n');
    await eventually(async () => {
      const progress =
        'select tuples_processed::int as n from pg_stat_progress_copy where datname = current_database()';
      return ((await warehouse.rows<{ n: number }>(progress))[0]?.n ?? 0) > 10_000;
    }, 'the COPY to be in the middle');
    // The second attempt begins while the first still holds the visit: it waits, then it is its turn.
    const second = load({ source, table: 'killed' }, into);
    await eventually(async () => (await activity("wait_event_type = 'Lock'")) === 1);
    child.kill('SIGKILL');
    expect(await second).toMatchObject({ rows: 100_000, created: true });
    expect(
      await warehouse.rows(
        'select count(*)::int as n, count(distinct id)::int as ids, min(id)::int, max(id)::int from acme.killed',
      ),
    ).toEqual([{ n: 100_000, ids: 100_000, min: 0, max: 99_999 }]);
    expect(await loads('killed')).toHaveLength(1);
  });

  it('is told when PostgreSQL cut its connection, and may try again', async () => {
    const into = ctx();
    let opened = 0;
    const source = into.artifacts.add(async function* () {
      opened++;
      yield Buffer.from('a\n1\n');
      if (opened === 2)
        await warehouse.admin.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'agf table_load' and datname = current_database()",
        );
      yield Buffer.from('2\n'.repeat(50_000));
    });
    expect(await caught(load({ source, table: 'cut' }, into))).toMatchObject({
      code: 'CONNECTION_FAILED',
      retryable: true,
    });
    expect(await load({ source, table: 'cut' }, into)).toMatchObject({ rows: 50_001 });
    expect(await warehouse.count('cut')).toBe(50_001);
  });
});

const loadStopped = (table: string, stop: AbortController): Promise<JsonObject> => {
  const into = ctx({ signal: stop.signal });
  return load({ source: into.artifacts.add('a\n2\n'), table }, into);
};
const activity = async (condition: string): Promise<number> => {
  const [row] = await warehouse.rows<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity where application_name = 'agf table_load' and datname = current_database() and ${condition}`,
  );
  return row?.n ?? 0;
};
const idle = (): Promise<boolean> => eventually(async () => (await activity('true')) === 0, 'the connections to end');
