import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  ConnectionsRepository,
  SecretBox,
  SecretEntity,
  SecretsRepository,
  ToolSecretsRepository,
  ToolsRepository,
} from '../src/index.js';
import { tenantA, useDatabase } from './support/database.js';
import { aTool } from './support/rows.js';

describe('what a tenant registers', () => {
  const database = useDatabase();
  let tenant: string;
  beforeEach(() => {
    tenant = tenantA();
  });
  const run = <T>(fn: () => Promise<T>): Promise<T> => database.db.run(tenant, fn);

  describe('a tool', () => {
    const within = <T>(body: (tools: ToolsRepository) => Promise<T>): Promise<T> =>
      run(() => body(new ToolsRepository(database.db)));

    it('has a name once, at all times', async () => {
      const made = await Promise.all([1, 2, 3].map(() => within((tools) => tools.create(aTool('x'), 'dev'))));
      expect(made.filter((row) => row !== null)).toMatchObject([{ name: 'x', version: 1, enabled: true }]);
      expect(await within((tools) => tools.disable('x'))).toBe(1);
      expect(await within((tools) => tools.create(aTool('x'), 'dev'))).toBeNull();
    });

    it('is the newest version that is enabled, by name', async () => {
      await within(async (tools) => {
        await tools.create(aTool('x'), 'dev');
        await tools.create(aTool('y'), 'dev');
        await tools.addVersion(aTool('x', { description: 'second' }), 'dev', 1);
        await tools.create(aTool('gone'), 'dev');
        await tools.disable('gone');
      });
      const newest = await within((tools) => tools.newest(tenant, ['x', 'y', 'gone', 'nobody', 'x']));
      expect([...newest]).toMatchObject([
        ['x', { version: 2, description: 'second' }],
        ['y', { version: 1 }],
      ]);
      expect(await within((tools) => tools.newest(tenant, []))).toEqual(new Map());
      expect(await within((tools) => tools.addVersion(aTool('nobody'), 'dev', 1))).toBeNull();
    });

    it('is changed by one of several at once, and by nobody who knows an older version', async () => {
      await within((tools) => tools.create(aTool('x'), 'dev'));
      const made = await Promise.all([1, 2, 3].map(() => within((tools) => tools.addVersion(aTool('x'), 'dev', 1))));
      expect(made.filter((row) => row !== null)).toMatchObject([{ version: 2 }]);
      expect(await within((tools) => tools.addVersion(aTool('x'), 'dev', 1))).toBeNull();
    });

    it('is known in every version, also once it is disabled', async () => {
      await within((tools) => tools.create(aTool('x', { min_privilege_level: 2 }), 'dev'));
      await within((tools) => tools.addVersion(aTool('x', { min_privilege_level: 4 }), 'dev', 1));
      await within((tools) => tools.disable('x'));
      const level = async (version: number) =>
        (await within((tools) => tools.version(tenant, 'x', version)))?.min_privilege_level;
      expect([await level(1), await level(2), await level(3)]).toEqual([2, 4, undefined]);
    });

    it('waits for a review: it is known, and not enabled; a decision is for what was found', async () => {
      const review = { reason: 'changed', hash: 'h', offer: null, problem: 'x', found_at: '2026-01-01' } as const;
      await within(async (tools) => {
        await tools.create(aTool('x'), 'dev');
        await tools.addVersion(aTool('x'), 'dev', 1);
      });
      expect(await within((tools) => tools.hold('x', 1, review))).toBe(false);
      const held = await Promise.all([1, 2, 3].map(() => within((tools) => tools.hold('x', 2, review))));
      expect(held.filter(Boolean)).toHaveLength(1);
      const newest = async () => (await within((tools) => tools.newest(tenant, ['x']))).get('x');
      expect(await newest()).toMatchObject({ version: 2, held: true });
      expect(await within((tools) => tools.last('x'))).toMatchObject({ enabled: false, review: { hash: 'h' } });
      expect(await within((tools) => tools.closeReview('x', 2, 'other'))).toBe(false);
      expect(await within((tools) => tools.closeReview('x', 2, 'h'))).toBe(true);
      expect(await within((tools) => tools.closeReview('x', 2, 'h'))).toBe(false);
      expect(await newest()).toBeUndefined();
      await within((tools) => tools.addVersion(aTool('x'), 'dev', 2));
      expect(await newest()).not.toHaveProperty('held');
      await within((tools) => tools.hold('x', 3, review));
      expect(await within((tools) => tools.disable('x'))).toBe(1);
      expect(await newest()).toBeUndefined();
    });

    it('is listed once, as it is now', async () => {
      await within(async (tools) => {
        for (const name of ['a', 'b', 'c']) await tools.create(aTool(name), 'dev');
        await tools.addVersion(aTool('a'), 'dev', 1);
        await tools.disable('b');
      });
      const listed = async (query: Parameters<ToolsRepository['list']>[0]) => {
        const { items, total } = await within((tools) => tools.list(query));
        return [total, items.map(({ name, version }) => `${name}${String(version)}`)];
      };
      expect(await listed({ sort_order: 'asc' })).toEqual([3, ['a2', 'b1', 'c1']]);
      expect(await listed({ enabled: true, page_size: 1 })).toEqual([2, ['c1']]);
      expect(await listed({ enabled: false, sort_by: 'created_at' })).toEqual([1, ['b1']]);
    });
  });

  describe('a secret for tools', () => {
    const box = new SecretBox([randomBytes(32)]);
    const within = <T>(body: (secrets: ToolSecretsRepository) => Promise<T>): Promise<T> =>
      run(() => body(new ToolSecretsRepository(database.db, box)));

    it('is opened for its hosts alone', async () => {
      await within((secrets) => secrets.put('key', 'hunter2-hunter2', ['a.example', 'b.example:8443']));
      const opened = (host: string) => within((secrets) => secrets.openFor('key', host));
      expect(await opened('a.example')).toBe('hunter2-hunter2');
      expect(await opened('b.example:8443')).toBe('hunter2-hunter2');
      for (const host of ['b.example', 'a.example:81', 'x.a.example', '']) expect(await opened(host)).toBeNull();
      const stored = await run(() => database.db.em.findOneByOrFail(SecretEntity, { name: 'key' }));
      expect(stored.ciphertext.includes('hunter2')).toBe(false);
      await within((secrets) => secrets.put('key', 'other', ['c.example']));
      expect([await opened('a.example'), await opened('c.example')]).toEqual([null, 'other']);
    });

    it('is listed without what it is', async () => {
      await within((secrets) => secrets.put('key', 'hunter2', ['a.example']));
      const { items, total } = await within((secrets) => secrets.list());
      expect([total, items]).toMatchObject([1, [{ name: 'key', hosts: ['a.example'] }]]);
      expect(Object.keys(items[0]!)).not.toContain('ciphertext');
      expect(await within((secrets) => secrets.find('key'))).toEqual(items[0]);
      expect(await within((secrets) => secrets.remove('key'))).toBe(true);
      expect(await within((secrets) => secrets.remove('key'))).toBe(false);
      expect(await within((secrets) => secrets.find('key'))).toBeNull();
    });

    it('is never what a connection has', async () => {
      const own = new SecretsRepository(database.db, box);
      await run(() => own.put('warehouse', 'postgresql://'));
      await run(() =>
        new ConnectionsRepository(database.db).put({ name: 'w', kind: 'postgres', secret_name: 'warehouse' }),
      );
      expect(await within((secrets) => secrets.put('warehouse', 'x', ['evil.example']))).toBe(false);
      expect(await within((secrets) => secrets.openFor('warehouse', 'evil.example'))).toBeNull();
      expect(await within((secrets) => secrets.find('warehouse'))).toBeNull();
      expect(await within((secrets) => secrets.remove('warehouse'))).toBe(false);
      expect(await run(() => own.open('warehouse'))).toBe('postgresql://');
      await within((secrets) => secrets.put('key', 'x', ['a.example']));
      await run(() => own.put('key', 'postgresql://'));
      expect(await within((secrets) => secrets.openFor('key', 'a.example'))).toBeNull();
    });
  });
});
