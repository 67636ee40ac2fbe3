import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APP_NAMES, type AccountName, type AppName, type LocalFile, mintToken } from '@aumos/agf-devstack';
import { Redis } from 'ioredis';
import pg from 'pg';
import { Client } from './client.js';
import { type LogLine, logOf } from './logs.js';

/** A running system from outside: accounts at its gateway, its databases as their administrator, its logs. */
export class World {
  /** the platform's database, past all protection */
  readonly platform: pg.Pool;
  readonly warehouse: pg.Pool;
  readonly redis: Redis;
  private readonly clients = new Map<AccountName, Promise<Client>>();

  /** @param home the folder of the system's data, logs and addresses */
  constructor(readonly home: string) {
    const { postgres, warehouse, redis } = this.local;
    this.platform = new pg.Pool({ connectionString: postgres, max: 4 });
    this.warehouse = new pg.Pool({ connectionString: warehouse, max: 4 });
    this.redis = new Redis(redis, { lazyConnect: true });
    for (const each of [this.platform, this.warehouse, this.redis]) each.on('error', () => undefined);
  }

  /** as it is now: process ids follow restarts */
  get local(): LocalFile {
    return JSON.parse(readFileSync(join(this.home, 'local.json'), 'utf8')) as LocalFile;
  }

  as(account: AccountName): Promise<Client> {
    const known = this.clients.get(account);
    if (known) return known;
    const { issuer, gateway } = this.local;
    const made = mintToken(issuer, account).then((token) => new Client(gateway, token));
    this.clients.set(account, made);
    return made;
  }

  /** Nobody, at the gateway. */
  anonymous(): Client {
    return new Client(this.local.gateway, undefined);
  }

  /** Rows of the platform's database. */
  async rows<T extends object>(sql: string, params: unknown[] = []): Promise<T[]> {
    return (await this.platform.query<T>(sql, params)).rows;
  }

  /** How many rows a tenant's table has; 0 when there is none. */
  async count(schema: string, table: string): Promise<number> {
    const name = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;
    const found = await this.warehouse.query<{ there: boolean }>('select to_regclass($1) is not null as there', [name]);
    if (!found.rows[0]?.there) return 0;
    return (await this.warehouse.query<{ n: number }>(`select count(*)::int as n from ${name}`)).rows[0]?.n ?? 0;
  }

  /** Keeps everybody else from the table. @returns what lets go of it, again: nothing more happens */
  async lockTable(schema: string, table: string): Promise<() => Promise<void>> {
    const lock = await this.warehouse.connect();
    let held = true;
    const name = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;
    await lock.query(`begin; lock table ${name} in access exclusive mode`);
    return async () => {
      if (!held) return;
      held = false;
      await lock.query('rollback');
      lock.release();
    };
  }

  log(app: AppName): LogLine[] {
    return logOf(this.home, app);
  }

  /** Lines of any app's log, with the app's name. */
  logs(which: (line: LogLine) => boolean): (LogLine & { app: AppName })[] {
    return APP_NAMES.flatMap((app) =>
      this.log(app)
        .filter(which)
        .map((line) => ({ ...line, app })),
    );
  }

  async close(): Promise<void> {
    this.redis.disconnect();
    await Promise.all([this.platform.end(), this.warehouse.end()]);
  }
}
