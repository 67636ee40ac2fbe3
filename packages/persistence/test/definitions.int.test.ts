import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  BreakerSettingsRepository,
  DefinitionsRepository,
  ExecutionsRepository,
  MembersRepository,
} from '../src/index.js';
import { tenantA, tenantB, useDatabase } from './support/database.js';
import { definition, newExecution, newVersion } from './support/rows.js';

describe('DefinitionsRepository', () => {
  const database = useDatabase();
  let tenant: string;
  let definitions: DefinitionsRepository;
  beforeEach(() => {
    tenant = tenantA();
    definitions = new DefinitionsRepository(database.db);
  });
  const run = <T>(fn: () => Promise<T>, as = tenant): Promise<T> => database.db.run(as, fn);
  const create = (name: string, as = tenant) =>
    run(() => definitions.createWithVersion({ name, created_by: 'dev' }, newVersion(name)), as);

  it('publishes version 1 of a name once', async () => {
    const made = await create('flow');
    expect(made).toMatchObject({
      workflow: { name: 'flow', latest_version: 1, created_by: 'dev', tenant_id: tenant },
      version: { version: 1, definition: definition('flow'), warnings: [], agents: {}, content_hash: 'h1' },
    });
    expect(await create('flow')).toBeNull();
    expect(await create('flow', tenantB())).not.toBeNull();
    expect((await run(() => definitions.list())).total).toBe(1);
  });

  it('numbers versions 2..n, of 20 at once', async () => {
    const { id } = (await create('flow'))!.workflow;
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, i) => run(() => definitions.addVersion(id, newVersion('flow', `h${String(i)}`)))),
    );
    expect(made.map((one) => one!.version).sort((x, y) => x - y)).toEqual(Array.from({ length: 20 }, (_, i) => i + 2));
    expect((await run(() => definitions.get(id)))?.latest_version).toBe(21);
    expect((await run(() => definitions.getVersion(id)))?.version).toBe(21);
    expect((await run(() => definitions.getVersion(id, 1)))?.content_hash).toBe('h1');
    expect(await run(() => definitions.getVersion(id, 99))).toBeNull();
    expect(await run(() => definitions.addVersion(randomUUID(), newVersion()))).toBeNull();
    const page = await run(() => definitions.listVersions(id, { page: 2, page_size: 5 }));
    expect([page.total, page.items.map((one) => one.version)]).toEqual([21, [16, 15, 14, 13, 12]]);
  });

  it('tells a start of a version, and of the starter', async () => {
    const input = { type: 'object', required: ['n'] };
    const full = { ...definition('flow'), input, circuit_breaker: { failure_threshold: 2 }, limits: { max_steps: 9 } };
    const made = await run(() =>
      definitions.createWithVersion({ name: 'flow', created_by: 'dev' }, { ...newVersion(), definition: full }),
    );
    const { id } = made!.workflow;
    await run(() => definitions.addVersion(id, newVersion('flow', 'h2')));
    await run(() => new MembersRepository(database.db).upsert({ sub: 'dev', roles: [], privilege_level: 4 }));
    const of = async (version: number | null, sub: string, workflow = id) =>
      (await definitions.startingPoint(tenant, workflow, version, sub)).from;
    const { circuit_breaker, limits } = full;
    const own = { input, circuit_breaker, limits };
    const none = { grant: null, tenant_breaker: null };
    const plain = { input: null, circuit_breaker: null, limits: null };
    expect(await of(1, 'dev')).toEqual({ version: 1, content_hash: 'h1', ...own, ...none, grant: 4 });
    for (const spelled of ['DEV', ' dev', 'de\u200bv', 'd\uff45v'])
      expect(await of(1, spelled)).toMatchObject({ grant: 4 });
    expect(await of(null, 'other')).toEqual({ version: 2, content_hash: 'h2', ...plain, ...none });
    const tenant_breaker = { failure_rate: 0.5, slow_call_rate: 1, slow_call_seconds: 2, ignored_errors: ['X'] };
    await run(() => new BreakerSettingsRepository(database.db).put({ failure_threshold: 9 }, 'boss'));
    await run(() => new BreakerSettingsRepository(database.db).put(tenant_breaker, 'chief'));
    expect(await of(null, 'other')).toMatchObject({ tenant_breaker });
    expect(await of(3, 'dev')).toBeNull();
    expect(await of(null, 'dev', randomUUID())).toBeNull();
  });

  it('tells a start what its key was used for, whatever has become of the version since', async () => {
    const { id } = (await create('flow'))!.workflow;
    const executions = new ExecutionsRepository(database.db);
    const key = { scope: 'execute', key: 'k' };
    const of = (held = key, as = tenant) => definitions.startingPoint(as, id, 99, 'dev', held);
    expect(await of()).toEqual({ from: null, held: null });
    const start = newExecution(id);
    const conditions = { defaultLimit: 9, idempotency: { ...key, body_hash: 'h' } };
    await executions.accept(tenant, start, conditions);
    const row = await run(() => executions.get(start.id));
    expect(await of()).toEqual({ from: null, held: { body_hash: 'h', execution: { ...row } } });
    expect((await of({ ...key, key: 'other' })).held).toBeNull();
    expect((await of({ ...key, scope: 'other' })).held).toBeNull();
    expect((await of(key, tenantB())).held).toBeNull();
    const brief = { ...conditions.idempotency, key: 'brief', ttl_seconds: -1 };
    await executions.accept(tenant, newExecution(id), { ...conditions, idempotency: brief });
    expect((await of(brief)).held).toBeNull();
  });

  it('finds and lists by name', async () => {
    for (const name of ['b', 'a', 'c']) await create(name);
    expect((await run(() => definitions.findByName('a')))?.name).toBe('a');
    expect(await run(() => definitions.findByName('z'))).toBeNull();
    const names = async (query: object) => (await run(() => definitions.list(query))).items.map((one) => one.name);
    expect(await names({ sort_by: 'name', sort_order: 'asc' })).toEqual(['a', 'b', 'c']);
    expect(await names({})).toEqual(['c', 'a', 'b']);
    expect(await names({ name: 'b' })).toEqual(['b']);
    expect(await names({ page: 2, page_size: 2 })).toEqual(['b']);
  });
});
