import { describe, expect, it } from '@jest/globals';
import { ALL_TENANT_TABLES } from '../src/migrations/tenant-tables.js';
import { protect } from '../src/migrations/protect.js';
import { withAdmin } from '../src/provision/provision-database.js';
import { catalogFindings } from '../src/testing/index.js';
import { useDatabase } from './support/database.js';

const TABLE = `create table probe (tenant_id uuid not null, id uuid not null, name text, primary key (tenant_id, id))`;

describe('the catalog', () => {
  const database = useDatabase();

  /** What is found once these statements ran; they are undone afterwards. */
  const findingsAfter = async (...statements: string[]): Promise<string[]> => {
    await withAdmin(database.adminUrl, async (admin) => {
      await admin.query('set role agf_owner');
      for (const statement of statements) await admin.query(statement);
    });
    try {
      return await catalogFindings(database.adminUrl);
    } finally {
      await withAdmin(database.adminUrl, (admin) =>
        admin.query(
          'drop view if exists probe_view; drop table if exists probe_child, probe; drop schema if exists probe_schema cascade',
        ),
      );
    }
  };

  it('protects every table', async () => {
    expect(await catalogFindings(database.adminUrl)).toEqual([]);
  });

  it('names every table in the list that protects', async () => {
    const names = await withAdmin(database.adminUrl, async (admin) => {
      const { rows } = await admin.query<{ name: string }>(
        `select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'agf_migrations'`,
      );
      return rows.map((row) => row.name);
    });
    expect(names.sort()).toEqual([...ALL_TENANT_TABLES].sort());
  });

  it('accepts a new table that is protected', async () => {
    expect(await findingsAfter(TABLE, ...protect('probe'))).toEqual([]);
  });

  it('finds a table without protection', async () => {
    const found = await findingsAfter(TABLE);
    expect(found).toContain('probe does not enable and force row-level security');
    expect(found.join()).toMatch(/probe has no policy/);
  });

  it('finds one in another schema', async () => {
    const found = await findingsAfter('create schema probe_schema', TABLE.replace('probe', 'probe_schema.probe'));
    expect(found).toContain('probe_schema.probe does not enable and force row-level security');
  });

  it('finds a table without a tenant', async () => {
    expect(await findingsAfter('create table probe (id int primary key)')).toContain(
      'probe has no tenant_id that is a uuid and never null',
    );
  });

  it.each([
    ['security that the owner escapes', 'alter table probe no force row level security', /enable and force/],
    ['a policy without a check', 'alter policy tenant on probe with check (true)', /no policy/],
    ['a policy that shows all', 'create policy all_of_it on probe for select using (true)', /for everybody/],
    ['a second policy', 'create policy more on probe for select to agf_app using (true)', /for everybody, or a second/],
    ['a unique name across tenants', 'create unique index on probe (name)', /unique across tenants/],
    ['an index that does not lead with the tenant', 'create index on probe (name)', /does not lead with tenant_id/],
    ['a view with its owner’s rights', 'create view probe_view as select * from probe', /owner's rights/],
    [
      'a foreign key without the tenant',
      `alter table probe add constraint alone unique (id);
       create table probe_child (tenant_id uuid not null, id uuid not null references probe (id))`,
      /accepts the parent of another tenant/,
    ],
  ])('finds %s', async (_, statement, finding) => {
    expect((await findingsAfter(TABLE, ...protect('probe'), statement)).join()).toMatch(finding);
  });
});
