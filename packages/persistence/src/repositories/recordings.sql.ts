/** What is inside of an agent's or a graph's visit has a `~` in its node, and so has a compensation. */
export const OWN_VISITS = `v.execution_id = $1::uuid and v.node ~ '^[^~]+(~compensate)?$'`;

/** As it is stored: compressed values count as such, and are not read. */
export const STORED_BYTES = 'pg_column_size';
export const WRITTEN_BYTES = 'octet_length';

const sum = (bytes: string, ...columns: readonly string[]): string => {
  const written = bytes === WRITTEN_BYTES ? '::text' : '';
  return `coalesce(sum(${columns.map((each) => `coalesce(${bytes}(${each}${written}), 0)::bigint`).join(' + ')}), 0)`;
};

/** Rows and bytes of an execution, its visits, approvals and signals. $1 execution */
export const SIZES = (bytes: string): string => `
  select sum(rows)::int as rows, sum(bytes)::bigint as bytes from (
    select 0 as rows, ${sum(bytes, 'e.input_data', 'e.output_data', 'e.error_details')} as bytes
    from agf_workflow_executions e where e.id = $1::uuid
    union all
    select count(*), ${sum(bytes, 'v.input', 'v.output', 'v.error')} from agf_node_visits v where ${OWN_VISITS}
    union all
    select count(*), ${sum(bytes, 'a.arguments', 'a.decision_notes', 'a.given')}
    from agf_hitl_approvals a where a.execution_id = $1::uuid
    union all
    select count(*), ${sum(bytes, 's.payload')}
    from agf_execution_commands s where s.execution_id = $1::uuid and s.kind = 'signal') parts`;

/** With their votes, each in its order. $1 execution */
export const APPROVALS = `
  select a.id, a.node, a.visit, a.gate_name, a.privilege_level, a.approvals_required, a.tool, a.arguments, a.status,
    a.decided_at, a.decision_notes, a.given,
    coalesce((
      select jsonb_agg(jsonb_build_object('actor', d.actor, 'decision', d.decision) order by d.created_at, d.id)
      from agf_hitl_decisions d where d.tenant_id = a.tenant_id and d.approval_id = a.id), '[]') as votes
  from agf_hitl_approvals a where a.execution_id = $1::uuid order by a.created_at, a.id`;
