/** What crosses between an agent's visit and the team's code that says what the agent does, turn by turn. Plain JSON. */
import type {
  AgentLimits,
  ExecutionError,
  Json,
  JsonObject,
  JsonSchema,
  Permit,
  PrivilegeLevel,
} from '@aumos/agf-domain';
import type { ModelCall, ModelOutcome, ModelReply } from './agents.js';
import type { HandlerCall } from './functions.js';

/** One thing that was said, as the OpenAI protocol has it. */
export interface AgentMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string | null;
  /** what it called; arguments as JSON text */
  tool_calls?: { id: string; function: { name: string; arguments: string } }[];
  /** which call this is the result of */
  tool_call_id?: string;
}

export interface OfferedTool {
  name: string;
  description: string;
  input_schema: JsonSchema;
}

/** What the activity {@link AGENT_TURN_ACTIVITY} is called with: `node` and `visit` are the agent's own. */
export interface ExecutorCall extends Omit<HandlerCall, 'handler' | 'arguments'> {
  executor: string;
  /** from 1 */
  turn: number;
  agent: { id: string; name: string; version: number; instructions: string; privilege_level: PrivilegeLevel };
  limits: AgentLimits;
  prompt: Json;
  /** all that was said, instructions and prompt first; results of calls last */
  messages: AgentMessage[];
  tools: OfferedTool[];
  response_schema?: JsonSchema;
}

/** What it answers; all of it is checked where it is journalled. */
export interface ExecutorReply {
  step: Json;
  /** the attempt that answered, from 1 */
  attempt: number;
  duration_ms: number;
}

/** Whether a turn may be taken, and with what; a turn that has ended answers from the journal. */
export type TurnAdmission =
  | ModelOutcome
  | { kind: 'admitted'; permit: Permit; limits: AgentLimits; messages: AgentMessage[]; tools: OfferedTool[] };

export interface TurnSettlement {
  call: Omit<ModelCall, 'ended' | 'steps'>;
  permit: Permit;
  /** RFC 3339 */
  started_at: string;
  outcome: { kind: 'completed'; reply: ExecutorReply } | { kind: 'failed'; error: ExecutionError };
}

/** What the journal has of the turn; null: it failed, as was told. */
export type SettledTurn =
  | { kind: 'completed'; reply: ModelReply }
  | { kind: 'failed'; error: { code: string; message: string; details: JsonObject } }
  | null;

/** The one activity type by which every executor is called. */
export const AGENT_TURN_ACTIVITY = 'runAgentTurn';
/** The worker that took the turn has no executor of that name. */
export const UNKNOWN_EXECUTOR = 'UNKNOWN_EXECUTOR';
/** Bytes of JSON that the conversation with an executor may have: each turn is handed all of it. */
export const EXECUTOR_CONVERSATION_BYTES = 512 * 1024;
