import {
  ConnectionsRepository,
  MembersRepository,
  QuotaRepository,
  SecretBox,
  SecretsRepository,
  TenantDb,
  TenantsRepository,
  createDataSource,
} from '@aumos/agf-persistence';
import { ACCOUNTS, TENANTS, type TenantName } from '../issuer/accounts.js';
import { type Warehouse } from './warehouse.js';

/** What each tenant's only connection is called, and the secret that holds its URL. */
const CONNECTION = 'warehouse';
const SECRET = 'connection.warehouse';

/** One tenant: itself, its quota (the platform's default), its members, its connection. Again: nothing more happens. */
async function seedTenant(db: TenantDb, box: SecretBox, tenant: TenantName, warehouse: string): Promise<void> {
  const members = new MembersRepository(db);
  await new TenantsRepository(db).upsert(tenant);
  await new QuotaRepository(db).setLimit(null);
  for (const [sub, { tenant: home, display_name, roles, privilege_level }] of Object.entries(ACCOUNTS))
    if (home === tenant) await members.upsert({ sub, display_name, roles, privilege_level });
  await new SecretsRepository(db, box).put(SECRET, warehouse);
  await new ConnectionsRepository(db).put({
    name: CONNECTION,
    kind: 'postgres',
    settings: { schema: tenant },
    secret_name: SECRET,
  });
}

/** Tenants and accounts as the issuer knows them. Runs under row-level security, as the apps do. */
export async function seed(appUrl: string, secretsKey: string, warehouse: Warehouse): Promise<void> {
  const dataSource = await createDataSource(appUrl, { applicationName: 'agf-devstack', poolSize: 2 });
  try {
    const db = new TenantDb(dataSource);
    const box = SecretBox.fromBase64(secretsKey);
    for (const [tenant, id] of Object.entries(TENANTS) as [TenantName, string][])
      await db.run(id, () => seedTenant(db, box, tenant, warehouse.tenants[tenant]));
  } finally {
    await dataSource.destroy();
  }
}
