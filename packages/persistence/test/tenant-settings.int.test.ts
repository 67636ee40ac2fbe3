import { randomBytes, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  AuditRepository,
  ConnectionsRepository,
  MembersRepository,
  SecretBox,
  SecretEntity,
  SecretsRepository,
  TenantsRepository,
} from '../src/index.js';
import { tenantA, tenantB, useDatabase } from './support/database.js';

describe('what a tenant has', () => {
  const database = useDatabase();
  const box = new SecretBox([randomBytes(32)]);
  let tenant: string;
  beforeEach(() => {
    tenant = tenantA();
  });
  const run = <T>(fn: () => Promise<T>, as = tenant): Promise<T> => database.db.run(as, fn);

  it('is a name', async () => {
    const tenants = new TenantsRepository(database.db);
    expect(await run(() => tenants.get())).toBeNull();
    await run(() => tenants.upsert('acme'));
    await run(() => tenants.upsert('acme-2'));
    expect(await run(() => tenants.get())).toMatchObject({ id: tenant, tenant_id: tenant, name: 'acme-2' });
    await expect(run(() => tenants.upsert('Not A Name'))).rejects.toThrow(/check/);
  });

  it('is members, kept by sub', async () => {
    const members = new MembersRepository(database.db);
    await run(() => members.upsert({ sub: 'x', roles: ['viewer'], privilege_level: 1 }));
    const { id } = (await run(() => members.get('x')))!;
    await run(() => members.upsert({ sub: 'x', display_name: 'X', roles: ['admin', 'approver'], privilege_level: 5 }));
    expect(await run(() => members.get('x'))).toMatchObject({
      id,
      display_name: 'X',
      roles: ['admin', 'approver'],
      privilege_level: 5,
    });
    expect((await run(() => members.list())).total).toBe(1);
    expect(await run(() => members.remove('x'))).toBe(true);
    expect(await run(() => members.get('x'))).toBeNull();
  });

  it('is secrets that the database cannot read', async () => {
    const secrets = new SecretsRepository(database.db, box);
    await run(() => secrets.put('warehouse', 'postgresql://u:hunter2@host/db'));
    expect(await run(() => secrets.open('warehouse'))).toBe('postgresql://u:hunter2@host/db');
    const stored = await run(() => database.db.em.findOneByOrFail(SecretEntity, { name: 'warehouse' }));
    expect(stored.ciphertext.includes('hunter2')).toBe(false);
    await run(() => secrets.put('warehouse', 'other'));
    expect(await run(() => secrets.open('warehouse'))).toBe('other');
    expect(await run(() => secrets.open('none'))).toBeNull();
  });

  it('does not open a row that was copied from another tenant', async () => {
    const secrets = new SecretsRepository(database.db, box);
    await run(() => secrets.put('warehouse', 'mine'));
    const { key_id, ciphertext } = await run(() => database.db.em.findOneByOrFail(SecretEntity, { name: 'warehouse' }));
    const thief = tenantB();
    await run(async () => {
      await database.db.em.insert(SecretEntity, { tenant_id: thief, name: 'warehouse', key_id, ciphertext });
    }, thief);
    await expect(run(() => secrets.open('warehouse'), thief)).rejects.toThrow();
  });

  it('is connections that name their secret', async () => {
    const connections = new ConnectionsRepository(database.db);
    const secrets = new SecretsRepository(database.db, box);
    const warehouse = { name: 'warehouse', kind: 'postgres' as const, secret_name: 's' };
    await expect(run(() => connections.put(warehouse))).rejects.toThrow(/foreign key/);
    await run(() => secrets.put('s', 'url'));
    await run(() => connections.put(warehouse));
    await run(() => connections.put({ ...warehouse, settings: { schema: 'acme' } }));
    expect(await run(() => connections.list())).toMatchObject([{ ...warehouse, settings: { schema: 'acme' } }]);
    expect(await run(() => connections.findByName('other'))).toBeNull();
    await expect(run(() => secrets.remove('s'))).rejects.toThrow(/foreign key/);
    expect(await run(() => connections.remove('warehouse'))).toBe(true);
    expect(await run(() => secrets.remove('s'))).toBe(true);
  });

  it('is an audit log, newest first', async () => {
    const audit = new AuditRepository(database.db);
    const entry = { actor_id: 'dev', action: 'a', resource_type: 't', resource_id: randomUUID() };
    await run(() => audit.append({ ...entry, outcome: 'allowed' }));
    await run(() => audit.append({ ...entry, outcome: 'denied', details: { need: 3 } }));
    const { items, total } = await run(() => audit.list());
    expect([total, items.map((one) => one.outcome)]).toEqual([2, ['denied', 'allowed']]);
    expect((await run(() => audit.list({ outcome: 'denied' }))).items).toMatchObject([{ details: { need: 3 } }]);
    expect((await run(() => audit.list({ actor_id: 'nobody' }))).total).toBe(0);
  });
});
