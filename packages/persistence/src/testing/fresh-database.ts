import { createHash, randomBytes } from 'node:crypto';
import { testStack } from '@aumos/agf-testing';
import type pg from 'pg';
import { ROLES } from '../migrations/initial-schema.js';
import { migrate, MIGRATIONS } from '../migrations/migrate.js';
import { connectGrants, provisionDatabase, withAdmin } from '../provision/provision-database.js';

export interface FreshDatabase {
  name: string;
  ownerUrl: string;
  appUrl: string;
  relayUrl: string;
  sweeperUrl: string;
  /** superuser, in this database: row-level security does not hold for it */
  adminUrl: string;
  /** closes whatever is still connected to it */
  drop(): Promise<void>;
}

/** Known to everybody who can reach a test cluster; a product's come from its secrets. */
export const TEST_PASSWORDS = { owner: 'agf_owner', app: 'agf_app', relay: 'agf_relay', sweeper: 'agf_sweeper' };

/** A migrated database of the suite's own: a clone of a template that is made once a schema. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { postgres } = testStack();
  const name = `agf_t_${randomBytes(6).toString('hex')}`;
  await withAdmin(postgres, async (admin) => {
    const template = await ensureTemplate(admin, postgres);
    await admin.query(`create database ${name} template ${template} owner ${ROLES.owner}`);
    await admin.query(connectGrants(name));
  });
  return {
    name,
    ownerUrl: urlOf(postgres, name, ROLES.owner, TEST_PASSWORDS.owner),
    appUrl: urlOf(postgres, name, ROLES.app, TEST_PASSWORDS.app),
    relayUrl: urlOf(postgres, name, ROLES.relay, TEST_PASSWORDS.relay),
    sweeperUrl: urlOf(postgres, name, ROLES.sweeper, TEST_PASSWORDS.sweeper),
    adminUrl: urlOf(postgres, name),
    drop: () => withAdmin(postgres, async (admin) => void (await admin.query(`drop database ${name} with (force)`))),
  };
}

/** Under a lock: the first suite makes it, the others wait. A half-made one never has the name. */
async function ensureTemplate(admin: pg.Client, postgres: string): Promise<string> {
  const statements = MIGRATIONS.flatMap((Migration) => new Migration().statements);
  const hash = createHash('sha256').update(JSON.stringify(statements)).digest('hex').slice(0, 12);
  const template = `agf_template_${hash}`;
  await admin.query(`select pg_advisory_lock(hashtextextended('agf-template', 0))`);
  try {
    const found = await admin.query('select from pg_database where datname = $1', [template]);
    if (found.rowCount === 0) await makeTemplate(admin, postgres, template);
  } finally {
    await admin.query(`select pg_advisory_unlock(hashtextextended('agf-template', 0))`);
  }
  return template;
}

async function makeTemplate(admin: pg.Client, postgres: string, template: string): Promise<void> {
  const building = `agf_building_${randomBytes(6).toString('hex')}`;
  await provisionDatabase({ adminUrl: postgres, database: building, passwords: TEST_PASSWORDS });
  await migrate(urlOf(postgres, building, ROLES.owner, TEST_PASSWORDS.owner));
  await admin.query(`alter database ${building} with allow_connections false`);
  await admin.query(`alter database ${building} rename to ${template}`);
}

function urlOf(postgres: string, database: string, user?: string, password?: string): string {
  const url = new URL(postgres);
  url.pathname = `/${database}`;
  if (user) url.username = user;
  if (password) url.password = password;
  return url.href;
}
