import { type FindOperator, Raw } from 'typeorm';

/** The execution and all below it. */
const FAMILY = `
  with recursive family as (
    select e.tenant_id, e.id from agf_workflow_executions e where e.id = :family_of
    union all
    select c.tenant_id, c.id from family f
    join agf_workflow_executions c on c.tenant_id = f.tenant_id and c.parent_execution_id = f.id)
  select id from family`;

/** The condition that a row is of the execution or of one below it; without one, none. */
export const inFamily = (execution_id: string | undefined): { execution_id?: string & FindOperator<string> } => {
  if (execution_id === undefined) return {};
  const raw = Raw<string>((column) => `${column} in (${FAMILY})`, { family_of: execution_id });
  return { execution_id: raw as string & FindOperator<string> };
};

/**
 * The way from the root down to each of them, one row an execution on it. `node` and `visit` lead down to the next one;
 * of the last they are null. $1 ids
 */
export const PATHS = `
  with recursive up as (
    select e.id as of, e.tenant_id, e.id, e.workflow_id, e.parent_execution_id, e.parent_node, e.parent_visit, e.depth,
      null::text as node, null::int as visit
    from agf_workflow_executions e where e.id = any($1::uuid[])
    union all
    select u.of, p.tenant_id, p.id, p.workflow_id, p.parent_execution_id, p.parent_node, p.parent_visit, p.depth,
      u.parent_node, u.parent_visit
    from up u join agf_workflow_executions p on p.tenant_id = u.tenant_id and p.id = u.parent_execution_id)
  select u.of, u.id as execution_id, u.workflow_id, d.name as workflow_name, u.node, u.visit
  from up u join agf_workflow_definitions d on d.tenant_id = u.tenant_id and d.id = u.workflow_id
  order by u.of, u.depth`;
