import { randomBytes } from 'node:crypto';
import { type PostgresConnection } from '@aumos/agf-domain';
import { testStack } from '@aumos/agf-testing';
import pg from 'pg';

/** A database of a suite's own with a role that owns one schema in it, as a tenant's registered connection. */
export class Warehouse {
  readonly #logins: string[] = [];

  private constructor(
    readonly connection: PostgresConnection,
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
    const opened = { id: name, name: 'warehouse', url: url.href, schema: 'acme', guarded: false };
    return new Warehouse({ kind: 'postgres', ...opened }, admin, name);
  }

  /** A connection of a new login, after `grants` have run; `$` in them stands for its name. */
  async login(grants: string, attributes = ''): Promise<PostgresConnection> {
    const role = `${this.name}_${randomBytes(3).toString('hex')}`;
    await this.admin.query(`create role ${role} login password 's3cret-${role}' ${attributes}`);
    this.#logins.push(role);
    if (grants !== '') await this.admin.query(grants.replaceAll('$', role));
    const url = new URL(this.connection.url);
    url.username = role;
    url.password = `s3cret-${role}`;
    return { ...this.connection, url: url.href };
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
      for (const role of [...this.#logins, this.name]) await client.query(`drop role ${role}`);
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
