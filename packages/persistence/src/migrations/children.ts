import { ROLES } from './initial-schema.js';

/**
 * Executions below executions. A root has none of these; `root_execution_id` is the first one above.
 * Of a visit there is one child: whoever asks again finds it.
 */
export const CHILDREN: readonly string[] = [
  `alter table agf_workflow_executions
     add column parent_execution_id uuid,
     add column root_execution_id uuid,
     add column parent_node text,
     add column parent_visit int,
     add column depth int not null default 0 check (depth >= 0),
     add column privilege_ceiling int check (privilege_ceiling between 1 and 5),
     add constraint agf_workflow_executions_family check (
       (depth = 0) = (parent_execution_id is null) and (depth = 0) = (root_execution_id is null)
       and (depth = 0) = (parent_node is null) and (depth = 0) = (parent_visit is null)),
     add constraint agf_workflow_executions_parent
       foreign key (tenant_id, parent_execution_id) references agf_workflow_executions (tenant_id, id),
     add constraint agf_workflow_executions_root
       foreign key (tenant_id, root_execution_id) references agf_workflow_executions (tenant_id, id)`,
  `create unique index agf_workflow_executions_child
     on agf_workflow_executions (tenant_id, parent_execution_id, parent_node, parent_visit)
     where parent_execution_id is not null`,
  `create index agf_workflow_executions_of_root on agf_workflow_executions (tenant_id, root_execution_id)
     where root_execution_id is not null`,
  // The sweep starts roots and leaves children to their parents: it has to tell them apart.
  `grant select (parent_execution_id) on agf_workflow_executions to ${ROLES.sweeper}`,
  `alter table agf_node_visits
     add column child_execution_id uuid,
     add constraint agf_node_visits_child
       foreign key (tenant_id, child_execution_id) references agf_workflow_executions (tenant_id, id)`,
  // By name: the version that a call without one means, as it was when this one was published.
  `alter table agf_workflow_versions add column called_versions jsonb not null default '{}'`,
];

export const WITHOUT_CHILDREN: readonly string[] = [
  'alter table agf_workflow_versions drop column called_versions',
  'alter table agf_node_visits drop column child_execution_id',
  `alter table agf_workflow_executions drop column parent_execution_id, drop column root_execution_id,
     drop column parent_node, drop column parent_visit, drop column depth, drop column privilege_ceiling`,
];
