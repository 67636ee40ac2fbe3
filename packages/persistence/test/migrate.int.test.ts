import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testStack } from '@aumos/agf-testing';
import { DATABASE_ROLES, migrate, provisionDatabase } from '../src/index.js';
import { MIGRATIONS } from '../src/migrations/migrate.js';
import { withAdmin } from '../src/provision/provision-database.js';
import { scramVerifier } from '../src/provision/scram.js';
import { catalogFindings, TEST_PASSWORDS } from '../src/testing/index.js';

const COMMAND = new URL('../dist/migrate.js', import.meta.url).pathname;

describe('a new database', () => {
  const name = `agf_m_${randomBytes(6).toString('hex')}`;
  const admin = (): string => testStack().postgres;
  const url = (user?: 'owner' | 'app'): string => {
    const made = new URL(admin());
    made.pathname = `/${name}`;
    if (user) Object.assign(made, { username: `agf_${user}`, password: TEST_PASSWORDS[user] });
    return made.href;
  };
  // Every one of these calls does the same: at once, so that they meet.
  beforeAll(() =>
    Promise.all(
      Array.from({ length: 4 }, () =>
        provisionDatabase({ adminUrl: admin(), database: name, passwords: TEST_PASSWORDS }),
      ),
    ),
  );
  afterAll(() => withAdmin(admin(), (client) => client.query(`drop database if exists ${name} with (force)`)));

  it('is migrated once by several migrators at once', async () => {
    const applied = await Promise.all(Array.from({ length: 3 }, () => migrate(url('owner'))));
    expect(applied.flat()).toEqual(MIGRATIONS.map((Migration) => new Migration().name));
    expect(await catalogFindings(url())).toEqual([]);
  });

  it('has nothing left to migrate for the command', async () => {
    expect(existsSync(COMMAND)).toBe(true);
    const env = { ...process.env, AUMOS_AGF_MIGRATION_DATABASE_URL: url('owner') };
    const run = await promisify(execFile)(process.execPath, [COMMAND], { env });
    expect(run.stdout).toBe('nothing to migrate\n');
  });

  it('is not migrated without a URL', async () => {
    const env = { ...process.env, AUMOS_AGF_MIGRATION_DATABASE_URL: '' };
    await expect(promisify(execFile)(process.execPath, [COMMAND], { env })).rejects.toMatchObject({
      code: 2,
      stderr: 'AUMOS_AGF_MIGRATION_DATABASE_URL is not set\n',
    });
  });

  it('is not migrated by the application', async () => {
    await expect(migrate(url('app'))).rejects.toThrow(/permission denied/);
  });

  it('belongs to the owner, and its roles have no rights beyond', async () => {
    const { rows } = await withAdmin(url(), (client) =>
      client.query(
        `select rolname from pg_roles where rolname = any($1) and (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole)`,
        [Object.values(DATABASE_ROLES)],
      ),
    );
    expect(rows).toEqual([]);
    const owner = await withAdmin(url(), (client) =>
      client.query(`select pg_get_userbyid(datdba) as owner from pg_database where datname = current_database()`),
    );
    expect(owner.rows).toEqual([{ owner: 'agf_owner' }]);
  });
});

describe('the verifier of a password', () => {
  it('is the one that RFC 7677 expects', () => {
    // The example of RFC 7677.
    const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
    expect(scramVerifier('pencil', salt)).toBe(
      'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
    );
  });
});
