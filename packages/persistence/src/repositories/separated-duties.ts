import { type SeparatedDuty } from '@aumos/agf-domain';
import type { EntityManager } from 'typeorm';

const PUBLISHER = `
  select distinct v.published_by as sub from agf_workflow_executions e
  join agf_workflow_versions v on v.tenant_id = e.tenant_id and v.workflow_id = e.workflow_id and v.version = e.workflow_version
  where e.id = $1::uuid`;
const EARLIER_DECIDER = `
  select distinct d.actor as sub from agf_hitl_approvals a
  join agf_hitl_decisions d on d.tenant_id = a.tenant_id and d.approval_id = a.id
  where a.execution_id = $1::uuid`;
const WHO: Record<SeparatedDuty, string> = { publisher: PUBLISHER, earlier_decider: EARLIER_DECIDER };

/** Whom these duties keep from deciding on what an execution asks now. */
export async function whoIsExcluded(
  em: EntityManager,
  executionId: string,
  duties: readonly SeparatedDuty[],
): Promise<string[]> {
  const subs = new Set<string>();
  for (const duty of new Set(duties))
    for (const { sub } of await em.query<{ sub: string }[]>(WHO[duty], [executionId])) subs.add(sub);
  return [...subs].sort();
}
