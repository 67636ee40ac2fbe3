import pg from 'pg';
import { TENANTS, type TenantName } from '../issuer/accounts.js';
import { type Secrets } from '../state/secrets.js';
import { withParts } from './platform-database.js';

const NAME = 'warehouse';

/** The tenants' own database, apart from the platform's. */
export interface Warehouse {
  admin: string;
  /** by tenant: a role that reaches its own schema and no other */
  tenants: Record<TenantName, string>;
}

const { escapeIdentifier: name, escapeLiteral: text } = pg;
const roleOf = (tenant: TenantName): string => `warehouse_${tenant}`;

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'agf-devstack' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function provideRole(client: pg.Client, role: string, password: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role]);
  const verb = rowCount ? 'alter' : 'create';
  await client.query(`${verb} role ${name(role)} login nosuperuser nocreatedb nocreaterole password ${text(password)}`);
}

/** The role owns the schema it is named after, and finds its tables without naming it. */
async function provideSchema(client: pg.Client, tenant: TenantName): Promise<void> {
  const role = name(roleOf(tenant));
  await client.query(`grant connect on database ${NAME} to ${role}`);
  await client.query(`create schema if not exists ${name(tenant)} authorization ${role}`);
  await client.query(`alter role ${role} in database ${NAME} set search_path = ${name(tenant)}`);
}

/** Makes what is missing: the database, a role and a schema a tenant. */
export async function provideWarehouse(adminUrl: string, secrets: Secrets): Promise<Warehouse> {
  const admin = withParts(adminUrl, { database: NAME });
  const tenants = Object.keys(TENANTS) as TenantName[];
  const passwordOf = (tenant: TenantName): string => secrets.password(roleOf(tenant));
  await connected(adminUrl, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [NAME]);
    if (!rowCount) await client.query(`create database ${NAME}`);
    for (const tenant of tenants) await provideRole(client, roleOf(tenant), passwordOf(tenant));
  });
  await connected(admin, async (client) => {
    await client.query(`revoke all on database ${NAME} from public`);
    await client.query('revoke all on schema public from public');
    for (const tenant of tenants) await provideSchema(client, tenant);
  });
  const urls = tenants.map((tenant) => [
    tenant,
    withParts(admin, { user: roleOf(tenant), password: passwordOf(tenant) }),
  ]);
  return { admin, tenants: Object.fromEntries(urls) as Warehouse['tenants'] };
}
