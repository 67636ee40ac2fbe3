import type {
  AgentSpec,
  Json,
  JsonObject,
  PrivilegeLevel,
  ToolSpec,
  WorkflowDefinition,
} from '@aumos/agf-domain/runtime';
import type { ChildCall, ExecutionSettings, FunctionCall, ModelCall, ToolCall } from '../common/index.js';

/** How one attempt of a call ends. */
export type ToolReply = (
  | { result: Json }
  /** retried as the node says, if `retryable`; default: not */
  | { error: { code: string; message?: string; retryable?: boolean; details?: JsonObject } }
  /** an open breaker refuses the call */
  | { refused: { retry_after_ms?: number } }
) & {
  /** virtual time; default 0 */
  takes_ms?: number;
};

/** What a scripted function sees: the call as its tool would, `attempt` from 1 within the visit. */
export type SimulatedCall = Pick<
  ToolCall,
  'node' | 'visit' | 'step' | 'item' | 'tool' | 'tool_version' | 'arguments' | 'need'
> & { attempt: number };

/** Answers the calls that all its named members match. */
export interface ToolAnswer {
  node?: string;
  visit?: number;
  tool?: string;
  /** these very ones; the order of members is no difference */
  arguments?: Json;
  /** attempts of one visit that it answers; then the next matching answer does. Default: all */
  times?: number;
  /** a function must answer at once, and the same call alike */
  reply: ToolReply | ((call: SimulatedCall) => ToolReply);
}

/** The same of a function node's call. */
export type SimulatedFunction = Pick<
  FunctionCall,
  'node' | 'visit' | 'step' | 'item' | 'handler' | 'arguments' | 'need'
> & { attempt: number };

/** Answers the handlers' calls that all its named members match. */
export interface FunctionAnswer {
  node?: string;
  visit?: number;
  handler?: string;
  /** these very ones; the order of members is no difference */
  arguments?: Json;
  /** attempts of one visit that it answers; then the next matching answer does. Default: all */
  times?: number;
  /** a function must answer at once, and the same call alike */
  reply: ToolReply | ((call: SimulatedFunction) => ToolReply);
}

/** How one turn of an agent's model ends. */
export type ModelTurn = (
  | { text: string }
  /** the text is the value's JSON */
  | { json: Json }
  /** ids default to numbers */
  | { calls: { tool: string; arguments?: JsonObject; id?: string }[]; text?: string }
  /** retried as the node says, if `retryable`; default: not */
  | { error: { code: string; message?: string; retryable?: boolean; details?: JsonObject } }
  /** an open breaker refuses the turn */
  | { refused: { retry_after_ms?: number } }
) & {
  /** virtual time; default 0 */
  takes_ms?: number;
};

/** What a scripted function sees of a turn: `attempt` from 1 within it. */
export type SimulatedTurn = Pick<ModelCall, 'step' | 'item' | 'prompt' | 'tools' | 'told'> & {
  /** the agent's own */
  node: string;
  visit: number;
  agent: string;
  turn: number;
  attempt: number;
};

/** What the model of an agent says in the visits that all its named members match, turn by turn. */
export interface ModelAnswer {
  node?: string;
  visit?: number;
  /** its name */
  agent?: string;
  /** this very one; the order of members is no difference */
  prompt?: Json;
  /** a function must answer at once, and the same turn alike */
  turns: (ModelTurn | ((turn: SimulatedTurn) => ModelTurn))[];
}

/** Answers the approvals that all its named members match. */
export interface PersonAnswer {
  node?: string;
  visit?: number;
  gate?: string;
  /** `expired` only where the gate rejects by itself when its time is over */
  decision: 'approved' | 'rejected' | 'edited' | 'answered' | 'expired';
  /** of `edited`: instead of those shown. It answers one approval: the next match decides on what it asks for */
  arguments?: JsonObject;
  /** of `answered`, in place of the call; default null */
  result?: Json;
  /** of `expired`: what is decided where the gate never expires; default: nothing, that is impossible */
  otherwise?: 'approved' | 'rejected';
  /** default: as many as the approval needs */
  decided_by?: string[];
  notes?: string;
  /** what a gate's result tells, where it matters; default: made up */
  approval_id?: string;
  /** RFC 3339 */
  decided_at?: string;
}

/** How a workflow that is not simulated itself ends. */
export type WorkflowReply = (
  | { result: Json }
  /** the child's own error */
  | { error: { code: string; message?: string; details?: JsonObject } }
  /** an open breaker refuses the start */
  | { refused: { retry_after_ms?: number } }
) & {
  /** virtual time; default 0 */
  takes_ms?: number;
};

/** What a scripted function sees of a call of a workflow, `attempt` from 1 within the visit. */
export type SimulatedWorkflowCall = Pick<
  ChildCall,
  'node' | 'visit' | 'step' | 'item' | 'workflow' | 'version' | 'input' | 'need'
> & { attempt: number };

/** What a workflow node meets: the workflow itself, with answers of its own, or an answer in its place. */
export type SimulatedWorkflow =
  | { definition: WorkflowDefinition; version?: number; script?: ChildScript }
  | { reply: WorkflowReply | ((call: SimulatedWorkflowCall) => WorkflowReply) }
  /** the first match answers */
  | { answers: WorkflowAnswer[] };

/** Answers the calls of a workflow that all its named members match. */
export interface WorkflowAnswer {
  node?: string;
  visit?: number;
  /** this very one; the order of members is no difference */
  input?: Json;
  reply: WorkflowReply;
}

/** What a child meets; tools and workflows default to its parent's. */
export type ChildScript = Partial<
  Pick<SimulationScript, 'tools' | 'agents' | 'calls' | 'functions' | 'models' | 'people' | 'workflows' | 'signals'>
>;

/** A signal that comes while the execution runs. */
export interface ScriptedSignal {
  name: string;
  /** default null */
  payload?: Json;
  /** virtual time since the execution's start; default 0 */
  after_ms?: number;
}

export interface SimulationScript {
  input?: Json;
  /** what expressions see as `execution` */
  execution?: { id?: string; workflow?: string; version?: number; started_at?: string };
  tenant_id?: string;
  /** by name: every tool the definition names */
  tools: Record<string, ToolSpec>;
  /** by what the definition calls them: every agent it names */
  agents?: Record<string, AgentSpec>;
  /** the first match answers */
  calls?: ToolAnswer[];
  /** what handlers answer; the first match does */
  functions?: FunctionAnswer[];
  /** what the models of agents say; the first match does */
  models?: ModelAnswer[];
  /** the first match answers */
  people?: PersonAnswer[];
  /** by name: every workflow the definition names but itself */
  workflows?: Record<string, SimulatedWorkflow>;
  /** in the order in which they come where their times are the same */
  signals?: ScriptedSignal[];
  /** so many signals that nobody sends come with null, once nothing else moves the execution on; default 0 */
  unsent_signals?: number;
  initiator?: string;
  /** default 5 */
  initiator_level?: PrivilegeLevel;
  settings?: Partial<Omit<ExecutionSettings, 'approvals_queue'>>;
}

/** The script does not say how the execution goes on, or says what cannot be. */
export class SimulationError extends Error {
  constructor(
    readonly code: 'UNANSWERED' | 'IMPOSSIBLE_ANSWER' | 'SCRIPT_FAILED',
    message: string,
    readonly site: { node: string; visit: number },
    options?: ErrorOptions,
  ) {
    super(`${site.node}, visit ${String(site.visit)}: ${message}`, options);
    this.name = 'SimulationError';
  }

  /** The same error, told by another thread. */
  static told(code: SimulationError['code'], message: string, site: SimulationError['site']): SimulationError {
    return Object.assign(new SimulationError(code, '', site), { message });
  }
}
