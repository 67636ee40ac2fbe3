/** What crosses between an agent node's visit and the model that it asks, turn by turn. Plain JSON. */
import type { AgentSpec, Json, JsonObject, JsonSchema, PrivilegeLevel } from '@aumos/agf-domain';
import type { ToolCall, ToolCallOutcome } from './messages.js';

interface VisitRef {
  node: string;
  visit: number;
}

/** The agent on whose behalf a call is made, and the visit in which it acts. */
export interface ActingAgent extends VisitRef {
  id: string;
  name: string;
  version: number;
  privilege_level: PrivilegeLevel;
  /** what it does from level 2 on is approved by people */
  requires_hitl?: boolean;
  /** of its model, in which the call was chosen */
  turn: number;
}

/**
 * One turn of an agent's model: `node` is the agent's visit, `visit` the turn. What was said in the turns before is in
 * the journal: it is read there, so that a history grows by a turn and not by the whole conversation.
 */
export interface ModelCall extends Omit<
  ToolCall,
  'tool' | 'tool_version' | 'arguments' | 'gate' | 'visit_type' | 'agent'
> {
  /** the agent's own visit */
  of: VisitRef;
  agent: Omit<AgentSpec, 'tools'>;
  prompt: Json;
  /** names of the tools that the model is offered */
  tools: readonly string[];
  response_schema?: JsonSchema;
  /** what it remembers from before */
  memory?: AgentMemory;
  /** what became of that which the turn before asked for */
  told: AgentAnswer[];
}

/** The session in which an agent remembers. */
export type AgentMemory =
  | {
      kind: 'private';
      session: string;
      /** nobody asked for it by name: what cannot be kept is left */
      unasked?: true;
    }
  /** of these agents' ids */
  | { kind: 'shared'; execution_id: string; agents: string[] };

/** A visit whose agent has answered: what was said is kept, once. */
export interface RememberCall extends Pick<ToolCall, 'ref' | 'node' | 'visit' | 'ended' | 'steps'> {
  agent: Pick<AgentSpec, 'id' | 'name'>;
  memory: AgentMemory;
  prompt: Json;
  answer: Json;
}

/** The private session of nodes that ask for memory. */
export const OWN_SESSION = 'default';

/** What the model is told before its next turn. */
export type AgentAnswer =
  /** of a call: the visit that has its result */
  | { id: string; at: VisitRef }
  /** of a call that a person answered in its place */
  | { id: string; result: Json }
  /** of a call that was not made, or failed */
  | { id: string; error: { code: string; message: string; details: JsonObject } }
  /** of an answer that is not what the node asks for: what is wrong with it */
  | { repair: string };

/** A call that the model wants made. */
export type ModelToolCall = { id: string; name: string } & (
  | { arguments: JsonObject }
  /** what stood in place of arguments */
  | { malformed: string }
);

/** Of one turn; null where the endpoint does not say. */
export interface ModelUsage {
  input_tokens: number | null;
  output_tokens: number | null;
}

export interface ModelReply {
  text: string | null;
  calls: ModelToolCall[];
  /** `length`: it was cut off; `refused`: the model, or a filter before it, does not answer */
  finish: 'stop' | 'calls' | 'length' | 'refused';
  usage: ModelUsage;
  /** of an executor: what it answers, as JSON */
  answer?: Json;
}

export type ModelOutcome = { kind: 'completed'; reply: ModelReply } | Extract<ToolCallOutcome, { kind: 'refused' }>;

/** Calls of one turn; what the model asks for beyond them is not made. */
export const CALLS_AT_ONCE = 32;

/** No endpoint of models is set, or it cannot be reached. */
export const MODEL_UNAVAILABLE = 'MODEL_UNAVAILABLE';
/** The model did not answer in its time. */
export const MODEL_TIMEOUT = 'MODEL_TIMEOUT';
/** It, or a filter before it, does not answer this. */
export const MODEL_REFUSED = 'MODEL_REFUSED';
/** Its answer is longer than an answer may be. */
export const MODEL_REPLY_LIMIT = 'MODEL_REPLY_LIMIT';
/** Its answer was cut off. */
export const MODEL_TRUNCATED = 'MODEL_TRUNCATED';
/** All that was said in the visit is longer than a conversation may be. */
export const AGENT_CONTEXT_LIMIT = 'AGENT_CONTEXT_LIMIT';
/** What its agent, its execution or its tenant may use leaves too little for another turn. */
export const BUDGET_EXCEEDED = 'BUDGET_EXCEEDED';
/** The memory of an agent cannot be read, or not be written. */
export const MEMORY_UNAVAILABLE = 'MEMORY_UNAVAILABLE';
/** It goes on calling tools. */
export const AGENT_MAX_TURNS = 'AGENT_MAX_TURNS';
/** What was asked for as JSON is none, or not that. */
export const INVALID_RESULT = 'INVALID_RESULT';
