import type { AgentEntity, AgentVersionEntity } from '@aumos/agf-persistence';
import type { AgentVersionView, AgentView } from './agent.view.js';

export const agentView = (row: AgentEntity): AgentView => ({
  id: row.id,
  tenant_id: row.tenant_id,
  name: row.name,
  description: row.description,
  capabilities: row.capabilities,
  privilege_level: row.privilege_level,
  tool_access: row.tool_access,
  resource_limits: row.resource_limits,
  model: row.model,
  executor: row.executor,
  instructions: row.instructions,
  requires_hitl: row.requires_hitl,
  circuit_breaker: row.circuit_breaker,
  status: row.status,
  version: row.version,
  created_by: row.created_by,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

export const agentVersionView = ({ version, agent, changed_by, created_at }: AgentVersionEntity): AgentVersionView => ({
  version,
  ...agent,
  // Versions from before there were any.
  executor: agent.executor ?? null,
  circuit_breaker: agent.circuit_breaker ?? null,
  changed_by,
  created_at: created_at.toISOString(),
});
