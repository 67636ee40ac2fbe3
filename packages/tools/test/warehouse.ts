import { randomBytes } from 'node:crypto';
import { type Connection } from '@aumos/agf-domain';
import { testStack } from '@aumos/agf-testing';
import pg from 'pg';

/** A database of a suite's own with a role that owns one schema in it, as a tenant's registered connection. */
export class Warehouse {
  private constructor(
    readonly connection: Connection,
    /** a superuser in that database, to look at what is there */
    readonly admin: pg.Pool,
    private readonly name: string,
  ) {}

  static async create(): Promise<Warehouse> {
    const name = `agf_tools_${randomBytes(6).toString('hex')}`;
    await cluster(async (client) => {
      await client.query(`create role ${name} login password 's3cret-${name}'`);
      await client.query(`create database ${name}`);
    });
    const url = new URL(testStack().postgres);
    url.pathname = name;
    const admin = new pg.Pool({ connectionString: url.href, max: 4 });
    admin.on('error', () => undefined);
    await admin.query(`create schema acme authorization ${name}`);
    url.username = name;
    url.password = `s3cret-${name}`;
    return new Warehouse({ id: name, name: 'warehouse', kind: 'postgres', url: url.href, schema: 'acme' }, admin, name);
  }

  async rows<T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.admin.query<T>(text, values)).rows;
  }

  async count(table: string): Promise<number> {
    const [row] = await this.rows<{ n: string }>(`select count(*) as n from acme.${pg.escapeIdentifier(table)}`);
    return Number(row?.n);
  }

  async types(table: string): Promise<Record<string, string>> {
    const rows = await this.rows<{ column_name: string; data_type: string }>(
      "select column_name, data_type from information_schema.columns where table_schema = 'acme' and table_name = $1 order by ordinal_position",
      [table],
    );
    return Object.fromEntries(rows.map((row) => [row.column_name, row.data_type]));
  }

  async drop(): Promise<void> {
    await this.admin.end();
    await cluster(async (client) => {
      await client.query(`drop database ${this.name} with (force)`);
      await client.query(`drop role ${this.name}`);
    });
  }
}

async function cluster(fn: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: testStack().postgres });
  await client.connect();
  try {
    await fn(client);
  } finally {
    await client.end();
  }
}
