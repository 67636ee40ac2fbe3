import { auditHeadLine, auditLine, AuditVerification, type ChainedEntry } from '@aumos/agf-domain';
import { type World } from './world.js';

type Row = Omit<ChainedEntry, 'position'> & { position: string };

/** Each tenant's audit is one whole chain. @returns what is not */
export async function brokenAudits(world: World): Promise<string[]> {
  const heads = await world.rows<{ tenant_id: string; position: string; hash: string }>(
    'select tenant_id, position, hash from agf_audit_heads',
  );
  const found = heads.map(async ({ tenant_id, position, hash }) => {
    const verification = new AuditVerification();
    for (const row of await entriesOf(world, tenant_id))
      verification.take(auditLine({ ...row, position: Number(row.position) }));
    verification.take(auditHeadLine({ tenant_id, position: Number(position), hash }));
    const { finding } = verification.end();
    return finding ? [`the audit of ${tenant_id} at ${String(finding.position)}: ${finding.kind}`] : [];
  });
  return (await Promise.all(found)).flat();
}

const entriesOf = (world: World, tenant: string): Promise<Row[]> =>
  world.rows<Row>(
    `select tenant_id, position, id, actor_id, action, resource_type, resource_id, outcome, details, previous_hash, hash,
       to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as occurred_at
     from agf_audit_log where tenant_id = $1 order by position`,
    [tenant],
  );
