import { eventually } from '@aumos/agf-testing';
import type pg from 'pg';

/** Transactions that wait in a trigger, and the key of the lock that they wait for. */
const WAITING = `select count(*)::int as n from pg_locks where locktype = 'advisory' and objid = $1 and not granted`;
const KEY = 472_611;

export interface Change {
  table: string;
  on: 'insert' | 'update';
  /** SQL over `old` and `new` */
  when: string;
}

/** Whoever makes a change waits for us in the middle of its transaction. */
export class Hold {
  private constructor(
    private readonly lock: pg.PoolClient,
    private readonly rest: pg.Pool,
    private readonly table: string,
  ) {}

  /** @param database past all protection */
  static async on(database: pg.Pool, { table, on, when }: Change): Promise<Hold> {
    const lock = await database.connect();
    await lock.query(`select pg_advisory_lock($1)`, [KEY]);
    await lock.query(
      `create or replace function hold_here() returns trigger language plpgsql as $$
       begin perform pg_advisory_xact_lock_shared(${String(KEY)}); return new; end $$`,
    );
    await lock.query(
      `create trigger hold_here before ${on} on ${table} for each row when (${when}) execute function hold_here()`,
    );
    return new Hold(lock, database, table);
  }

  /** @returns how many wait once so many do, or no more came for a while */
  async waiting(wanted: number): Promise<number> {
    let [seen, since] = [0, Date.now()];
    return eventually(
      async () => {
        const { rows } = await this.rest.query<{ n: number }>(WAITING, [KEY]);
        const now = rows[0]?.n ?? 0;
        if (now !== seen) [seen, since] = [now, Date.now()];
        return seen >= wanted || (seen > 0 && Date.now() - since > 1_000) ? seen : undefined;
      },
      `a transaction that changes ${this.table}`,
      { timeoutMs: 60_000, everyMs: 10 },
    );
  }

  /** Everybody goes on. */
  async end(): Promise<void> {
    await this.lock.query('select pg_advisory_unlock($1)', [KEY]);
    await this.lock.query(`drop trigger hold_here on ${this.table}`);
    this.lock.release();
  }
}
