import { setImmediate as tick } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@aumos/agf-testing';
import type { EntityManager } from 'typeorm';
import { MemberEntity, TenantDb, type TenantDb as Db } from '../src/index.js';
import { tenantA, tenantB, useDatabase } from './support/database.js';

const member = (tenant_id: string, sub: string) => ({ tenant_id, sub, roles: [], privilege_level: 1 as const });
const add = (em: EntityManager, tenant: string, sub: string) => em.insert(MemberEntity, member(tenant, sub));
const count = (db: Db, tenant: string) => db.run(tenant, (em) => em.count(MemberEntity));

describe('TenantDb', () => {
  const database = useDatabase();
  let a: string;
  let b: string;
  beforeEach(() => {
    a = tenantA();
    b = tenantB();
  });

  it('shows a tenant its own rows alone', async () => {
    await database.db.run(a, (em) => add(em, a, 'x'));
    expect(await count(database.db, a)).toBe(1);
    expect(await count(database.db, b)).toBe(0);
  });

  it('shows nothing outside a scope', async () => {
    await database.db.run(a, (em) => add(em, a, 'x'));
    expect(await database.dataSource.manager.count(MemberEntity)).toBe(0);
    expect(() => database.db.em).toThrow(/no open tenant scope/);
    expect(() => database.db.tenantId).toThrow(/no open tenant scope/);
  });

  it('sets the tenant before the first query, on every connection and every time', async () => {
    await database.db.run(a, (em) => add(em, a, 'x'));
    await database.db.run(b, (em) => add(em, b, 'y'));
    const seen = await Promise.all(
      Array.from({ length: 400 }, (_, i) =>
        database.db.run(i % 2 ? a : b, async (em) => {
          // Directly and through the builder: neither may overtake the setting.
          const [raw] = await em.query<{ sub: string }[]>('select sub from agf_members');
          const built = await em.find(MemberEntity);
          return `${raw?.sub ?? 'nothing'}${built.map((row) => row.sub).join()}` === (i % 2 ? 'xx' : 'yy');
        }),
      ),
    );
    expect(seen.filter((right) => !right)).toEqual([]);
  });

  it('opens one transaction with BEGIN, the tenant and the first query in that order', async () => {
    const [state] = await database.db.run(a, (em) =>
      em.query<{ tenant: string; began: boolean; status: boolean }[]>(
        `select current_setting('app.current_tenant') as tenant, now() < statement_timestamp() as began,
           pg_current_xact_id_if_assigned() is null as status`,
      ),
    );
    expect(state).toEqual({ tenant: a, began: true, status: true });
  });

  it('leaves no tenant behind on the connection', async () => {
    await database.db.run(a, (em) => em.query('select 1'));
    const [left] = await database.dataSource.query<{ tenant: string | null }[]>(
      `select nullif(current_setting('app.current_tenant', true), '') as tenant`,
    );
    expect(left).toEqual({ tenant: null });
  });

  it('takes nothing for a tenant that is no uuid', async () => {
    await expect(database.db.run(`${a}' or true --`, async () => 1)).rejects.toThrow(/must be a uuid/);
    await expect(database.db.run('', async () => 1)).rejects.toThrow(/must be a uuid/);
  });

  it('refuses rows of another tenant', async () => {
    await expect(database.db.run(a, (em) => add(em, b, 'x'))).rejects.toThrow(/row-level security/);
    await database.db.run(a, (em) => add(em, a, 'x'));
    await expect(database.db.run(a, (em) => em.query('update agf_members set tenant_id = $1', [b]))).rejects.toThrow(
      /row-level security/,
    );
  });

  it('rolls back what failed, and goes on', async () => {
    const failing = database.db.run(a, async (em) => {
      await add(em, a, 'x');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await expect(database.db.run(a, (em) => em.query('select 1/0'))).rejects.toThrow(/division by zero/);
    expect(await count(database.db, a)).toBe(0);
  });

  it('joins a nested scope of the same tenant', async () => {
    const failing = database.db.run(a, async (em) => {
      await database.db.run(a.toUpperCase(), async (inner) => {
        expect(inner).toBe(em);
        await add(inner, a, 'x');
      });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await count(database.db, a)).toBe(0);
  });

  it('makes a nested transaction() a savepoint', async () => {
    await database.db.run(a, async (em) => {
      await add(em, a, 'kept');
      const undone = em.transaction(async (inner) => {
        await add(inner, a, 'undone');
        throw new Error('inner');
      });
      await expect(undone).rejects.toThrow('inner');
    });
    expect(await count(database.db, a)).toBe(1);
  });

  it('throws for a scope of another tenant inside', async () => {
    const nested = database.db.run(a, () => database.db.run(b, async () => 1));
    await expect(nested).rejects.toThrow(/cannot hold a scope of another/);
  });

  it('is closed after its end, for what leaked out of it too', async () => {
    let leaked: Promise<unknown> = Promise.resolve();
    let go = (): void => undefined;
    await database.db.run(a, async () => {
      const gate = new Promise<void>((resolve) => (go = resolve));
      leaked = gate.then(() => database.db.em).catch((error: unknown) => error);
    });
    go();
    expect(await leaked).toMatchObject({ message: expect.stringMatching(/no open tenant scope/) });
  });

  it.each([undefined, null])('throws when a condition is %s', async (id) => {
    const where = { id } as unknown as { id: string };
    await database.db.run(a, async (em) => {
      await add(em, a, 'x');
      await expect(em.findOne(MemberEntity, { where })).rejects.toThrow(/undefined|null/i);
      await expect(em.findBy(MemberEntity, where)).rejects.toThrow(/undefined|null/i);
      await expect(em.update(MemberEntity, where, { display_name: 'x' })).rejects.toThrow(/undefined|null/i);
      await expect(em.delete(MemberEntity, where)).rejects.toThrow(/undefined|null/i);
      expect(await em.countBy(MemberEntity, { sub: 'x' })).toBe(1);
    });
  });

  it('starts again after a serialization failure, as often as it is told', async () => {
    let calls = 0;
    const fail = async (em: EntityManager, times: number): Promise<number> => {
      if (++calls <= times) await em.query(`do $$ begin raise exception 'again' using errcode = '40001'; end $$`);
      return calls;
    };
    expect(await database.db.run(a, (em) => fail(em, 2), { retries: 2 })).toBe(3);
    calls = 0;
    await expect(database.db.run(a, (em) => fail(em, 2), { retries: 1 })).rejects.toThrow('again');
    calls = 0;
    await expect(database.db.run(a, (em) => fail(em, 1))).rejects.toThrow('again');
  });

  it('survives a deadlock with retries', async () => {
    await database.db.run(a, async (em) => {
      await add(em, a, 'one');
      await add(em, a, 'two');
    });
    let met = 0;
    const cross = (first: string, second: string) =>
      database.db.run(
        a,
        async (em) => {
          const touch = (sub: string) => em.update(MemberEntity, { sub }, { display_name: first });
          await touch(first);
          met++;
          await eventually(() => met >= 2);
          await touch(second);
        },
        { retries: 3 },
      );
    await Promise.all([cross('one', 'two'), cross('two', 'one')]);
    const names = await database.db.run(a, (em) => em.find(MemberEntity));
    expect(new Set(names.map((row) => row.display_name)).size).toBe(1);
  });

  it('calls hooks after the outermost commit, and never after a rollback', async () => {
    const calls: string[] = [];
    await database.db.run(a, async () => {
      await database.db.run(a, async () => database.db.afterCommit(() => calls.push('inner')));
      await tick();
      expect(calls).toEqual([]);
    });
    expect(calls).toEqual(['inner']);
    const failing = database.db.run(a, async () => {
      database.db.afterCommit(() => calls.push('never'));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(calls).toEqual(['inner']);
  });

  it('tells of a hook that failed, and answers all the same', async () => {
    const db = new TenantDb(database.dataSource);
    const errors: unknown[] = [];
    db.onHookError = (error) => errors.push(error);
    const hook = async () => Promise.reject(new Error('redis is away'));
    expect(await db.run(a, async () => (db.afterCommit(hook), 7))).toBe(7);
    await eventually(() => errors.length === 1);
  });

  describe('what is sent in one write', () => {
    const insert = (tenant: string, sub: string) => ({
      text: 'insert into agf_members (tenant_id, sub, privilege_level) values ($1, $2, 1) returning sub',
      values: [tenant, sub],
    });

    it('is one transaction of the tenant, with the rows of each statement', async () => {
      const rows = await database.db.send(a, [insert(a, 'x'), { text: 'select sub from agf_members' }]);
      expect(rows).toEqual([[{ sub: 'x' }], [{ sub: 'x' }]]);
      expect(await count(database.db, a)).toBe(1);
      await expect(database.db.send(a, [insert(b, 'y')])).rejects.toThrow(/row-level security/);
    });

    it('is undone as a whole, tells what failed first, and leaves the connection usable', async () => {
      const cut = { text: 'select 1/0' };
      await expect(database.db.send(a, [insert(a, 'x'), cut, insert(a, 'y')])).rejects.toThrow(/division by zero/);
      expect(await Promise.all(Array.from({ length: 30 }, () => count(database.db, a)))).toEqual(Array(30).fill(0));
    });

    it('takes no place inside a scope, and no tenant that is no uuid', async () => {
      await expect(database.db.run(a, () => database.db.send(a, []))).rejects.toThrow(/inside a scope/);
      await expect(database.db.send('x', [])).rejects.toThrow(/must be a uuid/);
    });
  });

  it('sends at the commit what was left to it, and commits nothing when that fails', async () => {
    const rename = { text: `update agf_members set display_name = 'last'` };
    await database.db.run(a, async (em) => {
      database.db.atCommit(rename);
      await add(em, a, 'x');
    });
    const [row] = await database.db.run(a, (em) => em.find(MemberEntity));
    expect(row?.display_name).toBe('last');
    const failing = database.db.run(a, async (em) => {
      database.db.atCommit({ text: 'select 1/0' });
      await add(em, a, 'y');
    });
    await expect(failing).rejects.toThrow(/division by zero/);
    expect(await count(database.db, a)).toBe(1);
  });

  it('tells the first error when the connection is cut, and gets a new one', async () => {
    const cut = database.db.run(a, (em) => em.query('select pg_terminate_backend(pg_backend_pid())'));
    await expect(cut).rejects.toThrow(/terminat|connection/i);
    expect(await count(database.db, a)).toBe(0);
  });
});
