import pg from 'pg';
import { type TenantName } from '../issuer/accounts.js';

/** @returns how many rows the tenant's table has; 0 when there is no such table */
export async function rowsIn(warehouse: string, schema: TenantName, table: string): Promise<number> {
  const client = new pg.Client({ connectionString: warehouse, application_name: 'agf-main-job' });
  await client.connect();
  try {
    const name = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;
    const { rows: found } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
      name,
    ]);
    if (!found[0]?.there) return 0;
    const { rows } = await client.query<{ n: number }>(`select count(*)::int as n from ${name}`);
    return rows[0]?.n ?? 0;
  } finally {
    await client.end();
  }
}
