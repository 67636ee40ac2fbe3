import type { Json, JsonObject } from '../json/json.js';
import type { PrivilegeLevel } from '../privilege/privilege-level.js';

/** Only an active one acts. */
export const AGENT_STATUSES = ['active', 'suspended', 'retired'] as const;
export type AgentStatus = (typeof AGENT_STATUSES)[number];

/** What an agent may use up. */
export interface AgentLimits {
  /** model turns of one visit at most, whatever a node asks for */
  max_turns?: number;
  /** tokens of one model turn's output */
  max_tokens?: number;
  /** tokens of its turns in one execution, those below it included */
  tokens_per_execution?: number;
  /** tokens of its turns a day (UTC) */
  tokens_per_day?: number;
  /** what its turns cost a day (UTC), in the unit of the platform's prices */
  cost_per_day?: number;
}

/** A team's own code in place of a model: a function that its worker registers, and the queue of that worker. */
export interface AgentExecutor {
  task_queue: string;
  name: string;
}

/** An agent as executions know it. */
export interface AgentSpec {
  id: string;
  name: string;
  version: number;
  /** what the model is told before all else */
  instructions: string;
  /** the endpoint's name of its model; null: the platform's */
  model: string | null;
  /** who says what it does, instead of a model */
  executor?: AgentExecutor;
  /** what it does is never done at a higher one */
  privilege_level: PrivilegeLevel;
  /** what it does from level 2 on is approved by people */
  requires_hitl?: boolean;
  /** names of the tools it may call; a node may narrow them */
  tools: readonly string[];
  limits: AgentLimits;
}

/** Of an agent's `tool_access`, `{tool: {enabled?: true, ...}}`: the tools it may call. */
export const enabledTools = (access: JsonObject): string[] =>
  Object.entries(access).flatMap(([name, given]) =>
    given === true || (isObject(given) && (given['enabled'] ?? true) === true) ? [name] : [],
  );

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Turns of one visit, where neither node nor agent says otherwise. */
export const DEFAULT_TURNS = 10;
