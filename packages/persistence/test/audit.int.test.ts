import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  auditHash,
  auditHeadLine,
  auditLine,
  AuditVerification,
  canonicalJson,
  type ChainedEntry,
} from '@aumos/agf-domain';
import fc from 'fast-check';
import { type AuditEntry, AuditRepository, createDataSource, QuotaRepository, TenantDb } from '../src/index.js';
import { AUDIT_CHAIN, WITHOUT_AUDIT_CHAIN } from '../src/migrations/audit-chain.js';
import { withAdmin } from '../src/provision/provision-database.js';
import { tenantA, tenantB, useDatabase } from './support/database.js';

const ENTRY: AuditEntry = {
  ...{ actor_id: 'dev', action: 'a', resource_type: 't', resource_id: 'r', outcome: 'allowed' },
  details: { need: 3 },
};

describe('the audit', () => {
  const database = useDatabase();
  let audit: AuditRepository;
  beforeAll(() => {
    audit = new AuditRepository(database.db);
  });

  const append = (tenant: string, entry: Partial<AuditEntry> = {}, db = database.db) =>
    db.run(tenant, () => new AuditRepository(db).append({ ...ENTRY, ...entry }));
  const chainOf = (tenant: string): Promise<ChainedEntry[]> =>
    database.db.run(tenant, () => audit.after(0, Number.MAX_SAFE_INTEGER, 10_000));
  const verify = async (tenant: string) => {
    const verification = new AuditVerification();
    for (const entry of await chainOf(tenant)) verification.take(auditLine(entry));
    verification.take(auditHeadLine(await database.db.run(tenant, () => audit.head())));
    return verification.end();
  };
  const inDatabase = <T>(text: string, values: unknown[] = []): Promise<T[]> =>
    withAdmin(database.adminUrl, async (client) => (await client.query(text, values)).rows as T[]);

  it('is one chain, whatever writes to it at once', async () => {
    const [a, b] = [tenantA(), tenantB()];
    const others = await Promise.all(
      [1, 2].map((n) => createDataSource(database.appUrl, { applicationName: `writer ${String(n)}`, poolSize: 20 })),
    );
    try {
      const dbs = [database.db, ...others.map((dataSource) => new TenantDb(dataSource))];
      const writes = Array.from({ length: 240 }, (_, at) =>
        append(at % 6 === 0 ? b : a, { resource_id: String(at) }, dbs[at % dbs.length]),
      );
      await Promise.all(writes);
    } finally {
      await Promise.all(others.map((dataSource) => dataSource.destroy()));
    }
    expect(await verify(a)).toMatchObject({ verified: 200, finding: null, tenant_id: a });
    expect(await verify(b)).toMatchObject({ verified: 40, finding: null, tenant_id: b });
    expect(new Set((await chainOf(a)).map(({ resource_id }) => resource_id)).size).toBe(200);
  });

  it('has no gap where a transaction was rolled back', async () => {
    const tenant = tenantA();
    const undone = new Error('undone');
    const writes = Array.from({ length: 40 }, async (_, at) => {
      if (at % 2 === 0) return append(tenant);
      const failing = database.db.run(tenant, async (em) => {
        await audit.append(ENTRY);
        if (at % 4 === 1) throw undone;
        // Fails at the commit, before the entry or after it.
        database.db.atCommit({ text: 'select 1 / 0' });
        await em.query('select 1');
      });
      await expect(failing).rejects.toThrow(/undone|division/);
    });
    await Promise.all(writes);
    expect(await verify(tenant)).toMatchObject({ verified: 20, finding: null });
  });

  it('waits for nobody while it holds the chain', async () => {
    const tenant = tenantA();
    const quota = new QuotaRepository(database.db);
    const both = (first: () => unknown, second: () => unknown) =>
      database.db.run(tenant, async () => {
        await first();
        await second();
      });
    // Two rows of the tenant, asked for in either order.
    const writes = Array.from({ length: 60 }, (_, at) => {
      const [entry, slot] = [() => audit.append(ENTRY), () => quota.forceTake()];
      return at % 2 === 0 ? both(entry, slot) : both(slot, entry);
    });
    await Promise.all(writes);
    expect(await verify(tenant)).toMatchObject({ verified: 60, finding: null });
  });

  it('hashes as the domain does, whatever the details', async () => {
    const numbers = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger());
    const text = fc.string({ unit: 'binary' }).filter((each) => !each.includes('\0'));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, fc.constant(null), fc.boolean(), numbers, text, tie('list'), tie('object')),
      list: fc.array(tie('value'), { maxLength: 4 }),
      object: fc.dictionary(text, tie('value'), { maxKeys: 5 }),
    }));
    const values = fc.sample(value, 2_000).map((each) => JSON.stringify(each));
    const edges = [
      1e21,
      1e-6,
      9.999e-7,
      123e-20,
      1e20,
      5e-324,
      1e-323,
      4.35e-322,
      2 ** 70,
      2 ** -1074 * 7,
      -1e23,
      1.7976931348623157e308,
      -0,
      0.1,
      1e23,
      2 ** 53 + 2,
    ];
    // Some of these lie at the very edge of what rounds to their double.
    for (let power = -323; power < 308; power++)
      edges.push(...[1, 2, 3, 5, 7, 9, 1.5, 8.41].map((digits) => Number(`${String(digits)}e${String(power)}`)));
    values.push(JSON.stringify(edges), JSON.stringify({ '\u{1f600}': 1, '\ufb33': 2, '': 3, z: 4, ä: 5 }));
    const rows = await inDatabase<{ canonical: string }>(
      'select agf_canonical_json(value::jsonb) as canonical from unnest($1::text[]) with ordinality as v (value, place) order by place',
      [values],
    );
    for (const [at, each] of values.entries()) expect(rows[at]!.canonical).toBe(canonicalJson(JSON.parse(each)));
  });

  it('hashes as the domain does, whatever the texts', async () => {
    const tenant = tenantA();
    const text = fc.string({ unit: 'binary' }).filter((each) => !each.includes('\0'));
    const [actor_id, action, resource_type, resource_id] = [text, text, text, text];
    await Promise.all(
      fc.sample(fc.record({ actor_id, action, resource_type, resource_id }), 100).map((each) => append(tenant, each)),
    );
    for (const entry of await chainOf(tenant)) expect(auditHash(entry)).toBe(entry.hash);
    expect(await verify(tenant)).toMatchObject({ verified: 100, finding: null });
  });

  it('keeps of details what can be stored', async () => {
    const tenant = tenantA();
    await append(tenant, { details: { name: 'a\u0000\ud800' } });
    expect((await chainOf(tenant))[0]!.details).toEqual({ name: 'a\ufffd\ufffd' });
    expect(await verify(tenant)).toMatchObject({ verified: 1, finding: null });
  });

  it('chains what is inserted past the repository, and lets it state no place', async () => {
    const tenant = tenantA();
    await append(tenant);
    await database.db.run(tenant, (em) =>
      em.query(
        `insert into agf_audit_log (tenant_id, actor_id, action, resource_type, resource_id, outcome, created_at, position, previous_hash, hash)
         values ($1, 'x', 'x', 'x', 'x', 'allowed', '2000-01-01', 9, 'x', 'x'), ($1, 'y', 'y', 'y', 'y', 'denied', '2000-01-01', 1, 'x', 'x')`,
        [tenant],
      ),
    );
    expect(await verify(tenant)).toMatchObject({ verified: 3, finding: null });
    expect((await chainOf(tenant))[1]!.occurred_at).not.toMatch(/^2000/);
  });

  it('is neither read nor continued by another tenant', async () => {
    const [a, b] = [tenantA(), tenantB()];
    await append(a);
    expect(await chainOf(b)).toEqual([]);
    expect(await database.db.run(b, () => audit.head())).toMatchObject({ tenant_id: b, position: 0 });
    const insert = `insert into agf_audit_log (tenant_id, actor_id, action, resource_type, resource_id, outcome)
      values ($1, 'x', 'x', 'x', 'x', 'allowed')`;
    for (const foreign of [a, randomUUID()])
      await expect(database.db.run(b, (em) => em.query(insert, [foreign]))).rejects.toThrow(/row-level security/);
    expect(await verify(a)).toMatchObject({ verified: 1, finding: null });
  });

  it.each([
    `update agf_audit_heads set position = position - 1`,
    `update agf_audit_heads set position = position + 1, hash = 'x'`,
    `insert into agf_audit_heads (tenant_id, position, hash) values ('${randomUUID()}', 0, 'x')`,
    `delete from agf_audit_heads`,
    `truncate agf_audit_heads`,
    `alter table agf_audit_log disable trigger chain`,
    `set session_replication_role = replica`,
  ])('lets the application not %s', async (statement) => {
    const tenant = tenantA();
    await append(tenant);
    await expect(database.db.run(tenant, (em) => em.query(statement))).rejects.toThrow(
      /permission denied|must be owner/,
    );
  });

  it.each([
    ['edited', `update agf_audit_log set outcome = 'denied' where tenant_id = $1 and position = 2`],
    [
      'edited',
      `update agf_audit_log set created_at = created_at + interval '1 microsecond' where tenant_id = $1 and position = 2`,
    ],
    ['deleted', `delete from agf_audit_log where tenant_id = $1 and position = 2`],
    ['truncated', `delete from agf_audit_log where tenant_id = $1 and position > 1`],
    [
      'edited',
      `update agf_audit_log set position = case position when 2 then 13 when 3 then 12 end where tenant_id = $1 and position > 1;
      update agf_audit_log set position = position - 10 where tenant_id = $1 and position > 10`,
    ],
  ])('shows that entries were %s by who may do anything', async (kind, statement) => {
    const tenant = tenantA();
    for (let i = 0; i < 3; i++) await append(tenant);
    for (const each of statement.split(';')) await inDatabase(each.replaceAll('$1', `'${tenant}'`));
    expect((await verify(tenant)).finding).toMatchObject({ kind, position: 2 });
  });

  it('chains what was written before there was a chain, in its order', async () => {
    const [a, b] = [tenantA(), tenantB()];
    for (const tenant of [a, b, a, a, b]) await append(tenant, { details: { z: 1.5, a: { '\u{1f600}': 1, ﬀ: 1e-7 } } });
    const before = (await chainOf(a)).map(({ id }) => id);
    await withAdmin(database.ownerUrl, async (owner) => {
      await owner.query('begin');
      for (const statement of WITHOUT_AUDIT_CHAIN) await owner.query(statement);
      await owner.query('commit');
      await owner.query('begin');
      for (const statement of AUDIT_CHAIN) await owner.query(statement);
      await owner.query('commit');
    });
    expect(new Set((await chainOf(a)).map(({ id }) => id))).toEqual(new Set(before));
    expect(await verify(a)).toMatchObject({ verified: 3, finding: null });
    await append(a);
    expect(await verify(a)).toMatchObject({ verified: 4, finding: null });
    expect(await verify(b)).toMatchObject({ verified: 2, finding: null });
  });
});
