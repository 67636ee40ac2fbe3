import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditRepository, TenantDb } from '@aumos/agf-persistence';
import { type Answer, type CallOptions, type Gateway, startGateway } from './support/gateway.js';

const CANARY = 'CANARY-secret-0123456789';

describe('connections', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway();
    for (const tenant of [gateway.tenant, stranger])
      await gateway.call(
        'POST',
        '/secrets',
        { name: 'db', value: CANARY, hosts: ['db.example.com:5432'] },
        as('admin', 5, tenant),
      );
  }, 120_000);
  afterAll(() => gateway.close());

  const stranger = randomUUID();
  const as = (role: string, privilege_level = 5, tenant_id = gateway.tenant): CallOptions => ({
    claims: { sub: `${role}-1`, tenant_id, privilege_level, realm_access: { roles: [role] } },
  });
  const unique = (): string => `c${randomUUID().slice(0, 8)}`;
  const DATABASE = {
    kind: 'postgres',
    settings: { host: 'db.example.com', database: 'shop', user: 'reader' },
    secret: 'db',
  };
  const TICKETS = {
    kind: 'ticket',
    settings: { http: { method: 'POST', url: 'https://t.example.com/issues', body: { cel: 'arguments' } } },
  };
  const make = (body: object = {}, more: CallOptions = as('admin')) =>
    gateway.call('POST', '/connections', { name: unique(), ...DATABASE, ...body }, more);
  const fieldsOf = ({ body }: Answer): string[] =>
    (body as { details: { fields: { field: string }[] } }).details.fields.map(({ field }) => field);

  it('are made, read, replaced and forgotten, each of which is in the audit', async () => {
    const made = await make();
    const name = String(made.body.name);
    expect(made).toMatchObject({ status: 201, body: { ...DATABASE, name, enabled: true } });
    expect(made.headers.get('location')).toBe(`/api/v1/connections/${name}`);
    expect((await gateway.call('GET', `/connections/${name}`, undefined, as('auditor'))).body).toEqual(made.body);
    expect((await make({ name })).status).toBe(409);
    const replaced = await gateway.call('PUT', `/connections/${name}`, TICKETS, as('admin'));
    expect(replaced).toMatchObject({ status: 200, body: { ...TICKETS, name, enabled: true } });
    expect(replaced.body).not.toHaveProperty('secret');
    expect((await gateway.call('DELETE', `/connections/${name}`, undefined, as('admin'))).status).toBe(204);
    expect((await gateway.call('GET', `/connections/${name}`, undefined, as('admin'))).status).toBe(404);
    const { items } = await gateway.app
      .get(TenantDb)
      .run(gateway.tenant, () => gateway.app.get(AuditRepository).list({ resource_id: name, sort_order: 'asc' }));
    expect(items).toMatchObject([
      { action: 'connection.create', actor_id: 'admin-1', details: { kind: 'postgres', host: 'db.example.com:5432' } },
      { action: 'connection.replace', details: { kind: 'ticket', host: 't.example.com' } },
      { action: 'connection.remove' },
    ]);
    expect(JSON.stringify([made.body, replaced.body, items])).not.toContain('CANARY');
  });

  it.each<[object, string]>([
    [{ kind: 'shell' }, 'kind'],
    [{ name: '../x' }, 'name'],
    [{ secret: undefined }, 'secret'],
    [{ secret: 'nobody' }, 'secret'],
    [{ settings: { ...DATABASE.settings, host: 'evil.example.com' } }, 'secret'],
    [{ settings: { ...DATABASE.settings, port: 5433 } }, 'secret'],
    [{ settings: { ...DATABASE.settings, host: 'db.example.com/x' } }, 'settings.host'],
    [{ settings: { ...DATABASE.settings, host: '/var/run/postgresql' } }, 'settings.host'],
    [{ settings: { ...DATABASE.settings, password: CANARY } }, 'settings.password'],
    [{ settings: { ...DATABASE.settings, sslrootcert: '/etc/passwd' } }, 'settings.sslrootcert'],
    [{ settings: {} }, 'settings.host'],
    [{ enabled: true }, 'enabled'],
    [{ kind: 'smtp', settings: { host: 'm.example.com', from: 'a@example.com\r\nBcc: b@c.d' } }, 'settings.from'],
    [
      { kind: 'smtp', settings: { host: 'db.example.com', port: 5432, from: 'a@e.com', user: 'u', tls: 'none' } },
      'settings.tls',
    ],
    [{ kind: 's3', settings: { endpoint: 'file:///x', bucket: 'abc', access_key_id: 'k' } }, 'settings.endpoint'],
    [
      { kind: 's3', settings: { endpoint: 'https://s3.example.com', bucket: '../x', access_key_id: 'k' } },
      'settings.bucket',
    ],
    [
      {
        kind: 's3',
        settings: { endpoint: 'https://s3.example.com', bucket: 'abc', prefix: '../', access_key_id: 'k' },
      },
      'settings.prefix',
    ],
    [
      {
        ...TICKETS,
        settings: { http: { ...TICKETS.settings.http, method: 'GET', body: undefined } },
        secret: undefined,
      },
      'settings.http.method',
    ],
    [
      {
        ...TICKETS,
        settings: { http: { ...TICKETS.settings.http, headers: { Authorization: CANARY } } },
        secret: undefined,
      },
      'settings.http.headers.Authorization',
    ],
    [
      {
        ...TICKETS,
        settings: { http: { ...TICKETS.settings.http, headers: { Authorization: { secret: 'db' } } } },
        secret: undefined,
      },
      'settings.http.headers.Authorization',
    ],
  ])('that has %j is none', async (body, field) => {
    const answer = await make(body);
    expect(answer.status).toBe(400);
    expect(fieldsOf(answer)).toContain(field);
    expect(JSON.stringify(answer.body)).not.toContain('CANARY');
  });

  it('are changed at level 4 and above, whatever the role', async () => {
    const name = String((await make()).body.name);
    expect((await make({}, as('admin', 3))).body).toMatchObject({ code: 'PRIVILEGE_DENIED' });
    expect((await gateway.call('PUT', `/connections/${name}`, DATABASE, as('admin', 3))).status).toBe(403);
    expect((await gateway.call('DELETE', `/connections/${name}`, undefined, as('admin', 3))).status).toBe(403);
    for (const role of ['developer', 'viewer', 'approver'])
      expect((await make({}, as(role))).body).toMatchObject({ code: 'FORBIDDEN' });
    expect((await gateway.call('GET', `/connections/${name}`, undefined, as('admin'))).body).toMatchObject(DATABASE);
  });

  it("are their tenant's own, and so are their secrets", async () => {
    const name = String((await make()).body.name);
    const other = as('admin', 5, stranger);
    for (const [method, body] of [['GET'], ['PUT', DATABASE], ['DELETE']] as const)
      expect((await gateway.call(method, `/connections/${name}`, body, other)).status).toBe(404);
    expect((await gateway.call('GET', '/connections', undefined, other)).body).toEqual([]);
    await gateway.call(
      'POST',
      '/secrets',
      { name: 'mine', value: CANARY, hosts: ['db.example.com:5432'] },
      as('admin'),
    );
    expect(fieldsOf(await make({ secret: 'mine' }, other))).toEqual(['secret']);
    expect((await make({ name }, other)).status).toBe(201);
  });

  it('keep their secret', async () => {
    const made = await make();
    const refused = await gateway.call('DELETE', '/secrets/db', undefined, as('admin'));
    expect(refused).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    expect(refused.body.details.connections).toContain(made.body.name);
  });
});
