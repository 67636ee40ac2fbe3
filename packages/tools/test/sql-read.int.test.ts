import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type JsonObject, type PostgresConnection } from '@aumos/agf-domain';
import { createOutgoing } from '@aumos/agf-outgoing';
import { eventually } from '@aumos/agf-testing';
import pg from 'pg';
import { context } from './context.js';
import { refusal, run } from './run-builtin.js';
import { Warehouse } from './warehouse.js';

const READS = 'grant usage on schema acme to $; grant select on all tables in schema acme to $';

let warehouse: Warehouse;
let reader: PostgresConnection;
beforeAll(async () => {
  warehouse = await Warehouse.create();
  await warehouse.admin.query(`
    set role ${new URL(warehouse.connection.url).username};
    create table acme.orders (id bigint, price numeric, at timestamptz, note text);
    insert into acme.orders values (1, 12.50, '2024-02-29 03:04:05.678+02', 'first'), (2, null, null, null);
    create sequence acme.numbers;
    create function acme.spends() returns bigint language sql volatile as $$ select nextval('acme.numbers') $$;
    create function acme.writes() returns void language plpgsql as $$ begin insert into acme.orders values (9); end $$;
    create function acme.opens() returns text language plpgsql immutable as
      $$ begin perform set_config('transaction_read_only', 'off', false); return 'open'; end $$;
    create table acme.hidden (secret text);
    insert into acme.hidden values ('CANARY-hidden');
    reset role`);
  reader = await warehouse.login(
    `${READS}; revoke select on acme.hidden from $; grant usage on sequence acme.numbers to $`,
  );
});
afterAll(() => warehouse.drop());

const read = (query: string, args: JsonObject = {}, connection = reader): Promise<JsonObject> =>
  run('sql_read', { query, ...args }, context({ connection })) as Promise<JsonObject>;
const value = async (expression: string): Promise<unknown> =>
  ((await read(`select ${expression} as value`))['rows'] as JsonObject[])[0]?.['value'];

describe('sql_read', () => {
  it('gives rows and columns, and what their types are', async () => {
    expect(await read('select * from acme.orders order by id')).toEqual({
      columns: [
        { name: 'id', type: 'bigint' },
        { name: 'price', type: 'numeric' },
        { name: 'at', type: 'timestamp with time zone' },
        { name: 'note', type: 'text' },
      ],
      rows: [
        { id: 1, price: 12.5, at: '2024-02-29T01:04:05.678Z', note: 'first' },
        { id: 2, price: null, at: null, note: null },
      ],
      row_count: 2,
      truncated: null,
    });
  });

  it.each([
    ['9007199254740991::bigint', 9007199254740991],
    ['9007199254740992::bigint', '9007199254740992'],
    ["'-9223372036854775808'::bigint", '-9223372036854775808'],
    ['0.1::numeric', 0.1],
    ['1234567890.123456789::numeric', '1234567890.123456789'],
    ["'NaN'::numeric", 'NaN'],
    ['1e400::numeric', `1${'0'.repeat(400)}`],
    ["'Infinity'::float8", 'Infinity'],
    ['0.1::float8', 0.1],
    ['true', true],
    ["'\\x00ff'::bytea", 'AP8='],
    ["'2024-02-29 03:04:05'::timestamp", '2024-02-29T03:04:05'],
    ["'2024-02-29 03:04:05+05:30'::timestamptz", '2024-02-28T21:34:05Z'],
    ["'infinity'::timestamptz", 'infinity'],
    ["'2024-02-29'::date", '2024-02-29'],
    ['\'{"a":[1,null]}\'::jsonb', { a: [1, null] }],
    [
      'array[[1,2],[3,null]]',
      [
        [1, 2],
        [3, null],
      ],
    ],
    ["array['a,b', null, '\"']", ['a,b', null, '"']],
    ['array[9007199254740993]', ['9007199254740993']],
    ["'3 days'::interval", '3 days'],
    ['int4range(1, 3)', '[1,3)'],
  ])('gives %s as JSON has it', async (expression, json) => expect(await value(expression)).toEqual(json));

  it('takes values as parameters, which are never SQL', async () => {
    const hostile = "x'; drop table acme.orders; --";
    const { rows } = await read('select $1::text as a, $2::int as b, $3::bool as c, $4::text as d', {
      parameters: [hostile, 7, true, null],
    });
    expect(rows).toEqual([{ a: hostile, b: 7, c: true, d: null }]);
  });

  it('tells that there are more rows, and reads no more of them', async () => {
    const many = 'select generate_series(1, 1000000000) as n';
    const result = await read(many, { max_rows: 250 });
    expect(result).toMatchObject({ row_count: 250, truncated: 'rows' });
    expect(await read('values (1), (2)', { max_rows: 2 })).toMatchObject({ row_count: 2, truncated: null });
  });

  it('gives what fits of many bytes, and no row that does not', async () => {
    const wide = "select repeat('x', 100000) as text from generate_series(1, 1000)";
    const { row_count, truncated } = await read(wide);
    expect(truncated).toBe('bytes');
    expect(row_count).toBe(41);
    await expect(read("select repeat('x', 5000000) as text")).rejects.toEqual(refusal('RESULT_TOO_LARGE'));
    const huge = "select repeat('x', case n when 1 then 1 else 5000000 end) as text from generate_series(1, 10) n";
    await expect(read(huge)).rejects.toEqual(refusal('RESULT_TOO_LARGE', { fault: 'caller' }));
  });

  it('takes no two columns of one name', async () => {
    await expect(read('select 1 as a, 2 as a')).rejects.toEqual(refusal('DUPLICATE_COLUMN'));
  });

  /** Each is run as it stands; what is in brackets it is refused as. */
  it.each([
    ['select 1; drop table acme.orders', 'INVALID_QUERY'],
    ['select 1; commit; drop table acme.orders', 'INVALID_QUERY'],
    ['drop table acme.orders', 'INVALID_QUERY'],
    ['insert into acme.orders values (3)', 'INVALID_QUERY'],
    ['with gone as (delete from acme.orders returning *) select * from gone', 'INVALID_QUERY'],
    ['with made as (insert into acme.orders values (3) returning *) select * from made', 'INVALID_QUERY'],
    ['select * into acme.copy from acme.orders', 'INVALID_QUERY'],
    ['create table acme.x as select 1', 'INVALID_QUERY'],
    ["copy (select 1) to program 'touch /tmp/owned'", 'INVALID_QUERY'],
    ["copy acme.orders to '/tmp/orders'", 'INVALID_QUERY'],
    ['explain analyze select acme.writes()', 'INVALID_QUERY'],
    ['do $$ begin end $$', 'INVALID_QUERY'],
    ['listen events', 'INVALID_QUERY'],
    ['notify events', 'INVALID_QUERY'],
    ['set role postgres', 'INVALID_QUERY'],
    ['vacuum', 'INVALID_QUERY'],
    ['call acme.writes()', 'INVALID_QUERY'],
    ['lock table acme.orders', 'INVALID_QUERY'],
    ['commit', 'INVALID_QUERY'],
    ['', 'INVALID_ARGUMENTS'],
    ['select 1\u0000; drop table acme.orders', 'INVALID_ARGUMENTS'],
    ['select acme.writes()', 'NOT_READ_ONLY'],
    ["select nextval('acme.numbers')", 'NOT_READ_ONLY'],
    ['select acme.spends()', 'NOT_READ_ONLY'],
    ["select set_config('transaction_read_only', 'off', false), acme.writes()", 'NOT_READ_ONLY'],
    ['select acme.opens(), acme.writes()', 'NOT_READ_ONLY'],
    ['select * from acme.orders for update', 'NOT_READ_ONLY'],
    ["select pg_read_file('/etc/passwd')", 'CONNECTION_FORBIDS'],
    ["select pg_ls_dir('/')", 'CONNECTION_FORBIDS'],
    ["select lo_import('/etc/passwd')", 'CONNECTION_FORBIDS'],
    ["select set_config('role', 'pg_monitor', false)", 'CONNECTION_FORBIDS'],
    ["select set_config('session_authorization', 'pg_monitor', false)", 'CONNECTION_FORBIDS'],
    ["select dblink('dbname=postgres', 'drop table x')", 'INVALID_QUERY'],
    ['select * from acme.hidden', 'CONNECTION_FORBIDS'],
    ["select query_to_xml('select * from acme.hidden', true, true, '')", 'CONNECTION_FORBIDS'],
    ["select query_to_xml('delete from acme.orders', true, true, '')", 'INVALID_QUERY'],
    ['select 1/0', 'QUERY_FAILED'],
    ['select pg_stat_reset()', 'CONNECTION_FORBIDS'],
  ])('%s does nothing', async (query, code) => {
    const error: unknown = await read(query).then(
      (result) => ({ code: null, result }),
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code });
    expect(JSON.stringify([String(error), error])).not.toMatch(/s3cret|CANARY|127\.0\.0\.1/);
    expect(await warehouse.count('orders')).toBe(2);
  });

  it('leaves no large object behind, also where the server lets a read-only transaction make one', async () => {
    const objects = async () => (await read('select count(*)::int as n from pg_largeobject_metadata')).rows;
    const before = await objects();
    await read('select lo_create(0) as id').catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'NOT_READ_ONLY' });
    });
    expect(await objects()).toEqual(before);
  });

  it('ends what takes too long, whatever the query sets', async () => {
    const endless =
      "select set_config('statement_timeout', '0', false), pg_sleep(0.01) from generate_series(1, 100000)";
    const signal = AbortSignal.timeout(3_000);
    const call = context({ connection: reader, signal });
    await expect(run('sql_read', { query: endless }, call)).rejects.toMatchObject({ name: 'TimeoutError' });
    const of = new URL(reader.url).username;
    const running = "select 1 from pg_stat_activity where usename = $1 and state = 'active'";
    await eventually(async () => (await warehouse.rows(running, [of])).length === 0);
  }, 30_000);

  it('keeps no lock, tells nobody anything, and leaves no setting', async () => {
    const heard: string[] = [];
    const listener = new pg.Client({ connectionString: warehouse.connection.url });
    await listener.connect();
    listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
    try {
      await listener.query('listen events');
      await read("select pg_advisory_lock(42)::text as a, pg_notify('events', 'x')::text as b");
      await eventually(async () => {
        const { rows } = await listener.query<{ free: boolean }>('select pg_try_advisory_lock(42) as free');
        return rows[0]?.free;
      });
      expect(heard).toEqual([]);
    } finally {
      await listener.end();
    }
  });

  describe('uses no login that may do more than read', () => {
    const powers: [what: string, attributes: string, grants: string, code: string][] = [
      ['a superuser', 'superuser', '', 'ROLE_TOO_POWERFUL'],
      ['one that row-level security does not hold for', 'bypassrls', '', 'ROLE_TOO_POWERFUL'],
      ['one that makes roles', 'createrole', '', 'ROLE_TOO_POWERFUL'],
      ['one that replicates', 'replication', '', 'ROLE_TOO_POWERFUL'],
      ['one that reads files', '', 'grant pg_read_server_files to $', 'ROLE_TOO_POWERFUL'],
      ['one that runs programs', '', 'grant pg_execute_server_program to $', 'ROLE_TOO_POWERFUL'],
      ['one that may become such a one', 'noinherit', 'grant pg_write_server_files to $', 'ROLE_TOO_POWERFUL'],
      ['one with pg_read_file', '', 'grant execute on function pg_read_file(text) to $', 'ROLE_TOO_POWERFUL'],
      ['one that inserts', '', 'grant insert on acme.orders to $', 'ROLE_CAN_WRITE'],
      ['one that truncates', '', 'grant truncate on acme.orders to $', 'ROLE_CAN_WRITE'],
      ['one that writes everywhere', '', 'grant pg_write_all_data to $', 'ROLE_TOO_POWERFUL'],
      ['an owner of a schema', '', 'create schema "of_$" authorization $', 'ROLE_CAN_WRITE'],
    ];
    it.each(powers)('%s', async (_, attributes, grants, code) => {
      const connection = await warehouse.login(grants, attributes);
      await expect(read('select 1 as one', {}, connection)).rejects.toEqual(refusal(code, { fault: 'caller' }));
    });

    it('the one that loads', async () => {
      await expect(read('select 1', {}, warehouse.connection)).rejects.toEqual(refusal('ROLE_CAN_WRITE'));
    });

    it('one that reaches other servers', async () => {
      const made = await warehouse.admin.query('create extension dblink schema acme').then(
        () => true,
        () => false,
      );
      if (!made) return;
      try {
        await expect(read('select 1 as one')).rejects.toEqual(refusal('ROLE_TOO_POWERFUL'));
      } finally {
        await warehouse.admin.query('drop extension dblink');
      }
      expect(await read('select 1 as one')).toMatchObject({ row_count: 1 });
    });
  });

  describe('of a place that the tenant wrote', () => {
    const guarded = (over: Partial<PostgresConnection> = {}): PostgresConnection => {
      const url = new URL(reader.url);
      url.searchParams.set('sslmode', 'disable');
      return { ...reader, url: url.href, guarded: true, ...over };
    };
    const by = (connection: PostgresConnection, internal: string[]) =>
      run(
        'sql_read',
        { query: 'select 1 as one' },
        { ...context({ connection }), outgoing: createOutgoing({ allow: { internal } }) },
      );

    it('goes where outgoing requests may go', async () => {
      const port = new URL(reader.url).port;
      await expect(by(guarded(), [])).rejects.toEqual(refusal('ADDRESS_BLOCKED'));
      expect(await by(guarded(), [`127.0.0.1:${port}`])).toMatchObject({ rows: [{ one: 1 }] });
      const metadata = guarded({ url: 'postgres://u:p@169.254.169.254:5432/x' });
      await expect(by(metadata, ['169.254.0.0/16'])).rejects.toEqual(refusal('ADDRESS_BLOCKED'));
    });
  });

  it('tells no credentials when it cannot connect', async () => {
    const url = new URL(reader.url);
    url.password = 'CANARY-password';
    const error = await read('select 1', {}, { ...reader, url: url.href }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CONNECTION_REFUSED' });
    expect(JSON.stringify([String(error), error])).not.toContain('CANARY');
  });
});
