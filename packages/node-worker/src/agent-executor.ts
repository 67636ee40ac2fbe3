import type { AgentLimits, Json, JsonObject, JsonSchema, PrivilegeLevel } from '@aumos/agf-domain/runtime';
import type { AgentMessage, OfferedTool } from '@aumos/agf-engine/common';
import type { HandlerContext } from './handler-context.js';

/** What an executor is told before each of its steps. */
export interface AgentTurn {
  agent: { id: string; name: string; version: number; instructions: string; privilege_level: PrivilegeLevel };
  /** as its node gives it */
  prompt: Json;
  /** all that was said: instructions, memory, prompt, its own calls and what they gave or failed with */
  messages: readonly AgentMessage[];
  /** that it may call, with what they take */
  tools: readonly OfferedTool[];
  /** what its answer must fit; it is told once when that does not */
  response_schema?: JsonSchema;
  limits: AgentLimits;
}

/** Tokens that it used of a model of its own: counted against the agent's budgets. */
export interface AgentUsage {
  input_tokens?: number;
  output_tokens?: number;
}

/**
 * Calls, made side by side under the guard of the platform (privileges, gates, breakers, journal), whose results are among
 * the messages of the next turn; or the answer, any JSON, which ends the visit.
 */
export type AgentStep =
  | { calls: readonly { tool: string; arguments?: JsonObject; id?: string }[]; text?: string; usage?: AgentUsage }
  | { answer: unknown; usage?: AgentUsage };

/** As a handler's, for one turn. */
export interface AgentContext extends HandlerContext {
  /** of the visit, from 1 */
  turn: number;
}

/**
 * What an agent does, in place of a model. It keeps nothing itself: what it goes by is in the messages. A turn that has
 * ended is never asked for again; one whose worker died is, under the same effect key.
 */
export type AgentExecutor = (turn: AgentTurn, context: AgentContext) => Promise<AgentStep> | AgentStep;
/** By name: what agents name as their `executor`. */
export type AgentExecutors = Readonly<Record<string, AgentExecutor>>;
