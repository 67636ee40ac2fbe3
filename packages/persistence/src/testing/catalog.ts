import type pg from 'pg';
import { withAdmin } from '../provision/provision-database.js';
import { CATALOG_RULES } from './catalog-rules.js';

/**
 * What in a database is not protected as every tenant table must be; empty when all is well.
 * @param adminUrl of a superuser: row-level security must not hide what it looks for
 */
export async function catalogFindings(adminUrl: string): Promise<string[]> {
  return withAdmin(adminUrl, async (admin) => {
    const found: string[] = [];
    for (const rule of CATALOG_RULES) found.push(...(await broken(admin, rule)));
    return found;
  });
}

async function broken(admin: pg.Client, { says, query }: (typeof CATALOG_RULES)[number]): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(query);
  return rows.map(({ name }) => `${name} ${says}`);
}
