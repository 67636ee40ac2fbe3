/** Tools of more kinds, those whose server says something new of them, and what a workflow's tools needed when it was published. */
export const TOOL_KINDS: readonly string[] = [
  `alter table agf_tool_definitions
     drop constraint agf_tool_definitions_kind_check,
     add constraint agf_tool_definitions_kind_check check (kind in ('http', 'function', 'mcp')),
     add column review jsonb,
     add constraint agf_tool_definitions_held check (review is null or not enabled)`,
  // By name. The level of a call is at least this, whatever became of the tool since.
  `alter table agf_workflow_versions add column tool_levels jsonb not null default '{}'`,
];

export const WITHOUT_TOOL_KINDS: readonly string[] = [
  'alter table agf_workflow_versions drop column tool_levels',
  `delete from agf_tool_definitions where kind <> 'http'`,
  `alter table agf_tool_definitions
     drop constraint agf_tool_definitions_kind_check,
     add constraint agf_tool_definitions_kind_check check (kind in ('http')),
     drop column review`,
];
