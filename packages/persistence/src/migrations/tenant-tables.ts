import { TENANT_TABLES } from './initial-schema.js';

/** Every tenant table of this build's schema. */
export const ALL_TENANT_TABLES = [
  ...TENANT_TABLES,
  'agf_execution_events',
  'agf_execution_commands',
  'agf_execution_steps',
  'agf_payloads',
  'agf_agent_definitions',
  'agf_agent_versions',
  'agf_agent_elevations',
  'agf_agent_elevation_votes',
  'agf_agent_memories',
  'agf_budget_usage',
  'agf_budget_reservations',
  'agf_audit_heads',
  'agf_tool_definitions',
  'agf_outgoing_rules',
  'agf_breaker_settings',
  'agf_breaker_isolations',
  'agf_call_statistics',
  'agf_breaker_drills',
  'agf_hitl_notices',
  'agf_business_hours',
] as const;
