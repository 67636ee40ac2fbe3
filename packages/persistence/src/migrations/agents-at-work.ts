/** An invocation remembers in a session; an agent may be a team's own code: `{task_queue, name}`. */
export const AGENTS_AT_WORK: readonly string[] = [
  `alter table agf_workflow_executions add column session_id text check (length(session_id) between 1 and 160)`,
  `alter table agf_agent_definitions add column executor jsonb,
    add check (executor is null or model is null)`,
];
