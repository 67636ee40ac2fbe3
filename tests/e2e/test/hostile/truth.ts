import { redisKey } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { world } from '../system.js';

/** What is tried again by itself moves for hours: of these, what somebody could have done to them. */
const MOVING: Record<string, string> = {
  agf_hitl_deliveries: 'row(t.id, t.channel_id, t.replayed_at)',
  // Who follows gives them their places.
  agf_hitl_approval_changes: 'row(t.id)',
};

/** Marks of what is to be judged again: they go when it is. */
const PASSING = ['agf_hitl_people_changes'];

/** Every row of the tenant by a digest a table, and what its agents remember. */
async function ofTenant(tenant: string): Promise<Record<string, string>> {
  const tables = await world().rows<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
     where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace`,
  );
  const lasting = tables.filter(({ name }) => !PASSING.includes(name));
  const parts = lasting.map(({ name }) => {
    const row = `${MOVING[name] ?? 't'}::text`;
    return `select '${name}' as name, count(*)::int as n, md5(string_agg(${row}, '|' order by ${row})) as digest
       from ${name} t where t.tenant_id = $1`;
  });
  const rows = await world().rows<{ name: string; n: number; digest: string | null }>(parts.join(' union all '), [
    tenant,
  ]);
  const held = rows.map(({ name, n, digest }) => [name, `${String(n)} rows, ${digest ?? 'none'}`] as const);
  const remembered = (await world().redis.keys(`${redisKey(tenant)}*`)).filter((key) => key.includes('session')).sort();
  return Object.fromEntries([...held, ['sessions', remembered.join()]]);
}

/** The same once nothing of the tenant moves by itself any more. */
export async function settled(tenant: string): Promise<Record<string, string>> {
  let last = '';
  return eventually(
    async () => {
      const now = await ofTenant(tenant);
      const same = JSON.stringify(now) === last;
      last = JSON.stringify(now);
      return same ? now : undefined;
    },
    `the rows of ${tenant} to rest`,
    { timeoutMs: 30_000, everyMs: 700 },
  );
}
