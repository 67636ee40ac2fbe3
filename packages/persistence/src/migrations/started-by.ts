/** Executions that a tool of another one starts are their own; that one is only noted, and how deep it goes. */
export const STARTED_BY: readonly string[] = [
  `alter table agf_workflow_executions
     add column started_by_execution_id uuid,
     add column start_depth int not null default 0 check (start_depth >= 0)`,
];
