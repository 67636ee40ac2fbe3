import pg from 'pg';
import { ROLES } from '../migrations/initial-schema.js';
import { scramVerifier } from './scram.js';

export interface Provision {
  /** a superuser's URL, to any database of the cluster */
  adminUrl: string;
  /** its name; made when missing */
  database: string;
  passwords: Record<keyof typeof ROLES, string>;
}

const { escapeIdentifier: ident, escapeLiteral: literal } = pg;

/** The four roles and the database they work in. Again, or several times at once: nothing more happens. */
export async function provisionDatabase({ adminUrl, database, passwords }: Provision): Promise<void> {
  await withAdmin(adminUrl, async (admin) => {
    await admin.query(`select pg_advisory_lock(hashtextextended('agf-provision', 0))`);
    for (const [key, role] of Object.entries(ROLES))
      await ensureRole(admin, role, passwords[key as keyof typeof ROLES]);
    const found = await admin.query('select from pg_database where datname = $1', [database]);
    if (found.rowCount === 0) await admin.query(`create database ${ident(database)} owner ${ROLES.owner}`);
    await admin.query(connectGrants(database));
    // Under the same lock: two that change the same rights at once fail with `tuple concurrently updated`.
    await grantInside(adminUrl, database);
  });
}

async function grantInside(adminUrl: string, database: string): Promise<void> {
  const inside = new URL(adminUrl);
  inside.pathname = `/${encodeURIComponent(database)}`;
  await withAdmin(inside.href, async (admin) => {
    await admin.query(
      `revoke all on schema public from public; grant all on schema public to ${ROLES.owner};
       grant usage on schema public to ${SERVICES}`,
    );
  });
}

const SERVICES = [ROLES.app, ROLES.relay, ROLES.sweeper].join(', ');

/** Belongs to a database, not to its content: a clone of a template needs it again. */
export const connectGrants = (database: string): string =>
  `revoke all on database ${ident(database)} from public; grant connect on database ${ident(database)} to ${SERVICES}`;

/** Runs `fn` on a connection of its own. */
export async function withAdmin<T>(url: string, fn: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: url, application_name: 'agf-provision' });
  await admin.connect();
  try {
    return await fn(admin);
  } finally {
    await admin.end();
  }
}

async function ensureRole(admin: pg.Client, role: string, password: string): Promise<void> {
  const found = await admin.query('select from pg_roles where rolname = $1', [role]);
  const verb = found.rowCount === 0 ? 'create' : 'alter';
  await admin.query(
    `${verb} role ${role} login nosuperuser nobypassrls nocreatedb nocreaterole noreplication
     password ${literal(scramVerifier(password))}`,
  );
}
