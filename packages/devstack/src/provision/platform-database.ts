import { DATABASE_ROLES, migrate, provisionDatabase } from '@aumos/agf-persistence';
import { type Secrets } from '../state/secrets.js';

const NAME = 'agf';

/** The platform's database, by role. */
export interface PlatformDatabase {
  /** of the administrator: for people and tests, for no app */
  admin: string;
  app: string;
  relay: string;
  sweeper: string;
}

/** @returns the URL with another user, password or database */
export function withParts(url: string, parts: { user?: string; password?: string; database?: string }): string {
  const next = new URL(url);
  if (parts.user !== undefined) next.username = parts.user;
  if (parts.password !== undefined) next.password = parts.password;
  if (parts.database !== undefined) next.pathname = `/${parts.database}`;
  return next.href;
}

/** Database and roles, made where they are missing, and brought to this build's schema. */
export async function providePlatformDatabase(adminUrl: string, secrets: Secrets): Promise<PlatformDatabase> {
  const passwords = {
    owner: secrets.password('agf_owner'),
    app: secrets.password('agf_app'),
    relay: secrets.password('agf_relay'),
    sweeper: secrets.password('agf_sweeper'),
  };
  await provisionDatabase({ adminUrl, database: NAME, passwords });
  const as = (role: keyof typeof DATABASE_ROLES): string =>
    withParts(adminUrl, { user: DATABASE_ROLES[role], password: passwords[role], database: NAME });
  await migrate(as('owner'));
  return { admin: withParts(adminUrl, { database: NAME }), app: as('app'), relay: as('relay'), sweeper: as('sweeper') };
}
