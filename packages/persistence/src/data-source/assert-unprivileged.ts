import type { DataSource } from 'typeorm';
import { ROLES } from '../migrations/initial-schema.js';

/** What would let the role past row-level security. */
const QUESTION = `
  select r.rolsuper or r.rolbypassrls as bypasses,
    r.rolcreaterole as makes_roles,
    exists (select 1 from pg_roles o where o.rolname = $1 and pg_has_role(r.oid, o.oid, 'member')) as is_owner,
    exists (select 1 from pg_class c where c.relowner = r.oid and c.relkind in ('r', 'p', 'v')
      and c.relnamespace = 'public'::regnamespace) as owns,
    exists (select 1 from pg_auth_members m join pg_roles g on g.oid = m.roleid
      where m.member = r.oid and (g.rolsuper or g.rolbypassrls)) as may_become
  from pg_roles r where r.rolname = current_user`;

/** A service calls this before it serves. @throws Error when its role could get past row-level security */
export async function assertUnprivileged(dataSource: DataSource): Promise<void> {
  const [role] = await dataSource.query<Record<string, boolean>[]>(QUESTION, [ROLES.owner]);
  const found = Object.entries(role ?? { unknown: true }).filter(([, holds]) => holds);
  if (found.length > 0)
    throw new Error(`the database role is privileged (${found.map(([what]) => what).join(', ')}): refusing to start`);
}
