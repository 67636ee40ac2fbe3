import { type AgentLimits, type AgentSpec, enabledTools, type JsonObject } from '@aumos/agf-domain';
import { type AgentEntity } from '../entities/index.js';

/** The agent as executions know it. */
export const agentSpecOf = (row: AgentEntity): AgentSpec => ({
  id: row.id,
  name: row.name,
  version: row.version,
  instructions: row.instructions,
  model: row.model,
  ...(row.executor ? { executor: row.executor } : {}),
  privilege_level: row.privilege_level,
  ...(row.requires_hitl ? { requires_hitl: true } : {}),
  tools: enabledTools(row.tool_access),
  limits: limitsOf(row.resource_limits),
});

const LIMITS = ['max_turns', 'max_tokens', 'tokens_per_execution', 'tokens_per_day', 'cost_per_day'] as const;

/** What else a row holds is for its readers. */
const limitsOf = (limits: JsonObject): AgentLimits =>
  Object.fromEntries(LIMITS.flatMap((name) => (typeof limits[name] === 'number' ? [[name, limits[name]]] : [])));
