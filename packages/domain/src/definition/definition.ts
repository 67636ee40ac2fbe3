/** Types of the workflow definition language `agf/workflow/v1`. Source of every rule: docs of the definition language. */
import type { ApproverRef, BusinessHours, SeparatedDuty } from '../approval/approval-rule.js';
import type { BreakerConfig } from '../breaker/breaker.js';
import type { Json, JsonSchema } from '../json/json.js';
import type { PrivilegeLevel } from '../privilege/privilege-level.js';

export const DEFINITION_SCHEMA = 'agf/workflow/v1';
export const START = 'START';
export const END = 'END';
export const NAME_PATTERN = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
export const WORKFLOW_NAME_PATTERN = /^[A-Za-z][A-Za-z0-9_.-]{0,127}$/;

/** CEL source text. */
export type Expression = string;
/** An object whose only member is `cel` is an expression, at any depth of a value. */
export interface ExpressionValue {
  cel: Expression;
}
/** A literal that may hold {@link ExpressionValue} at any depth. */
export type Value = Json;

export const REDUCERS = ['replace', 'append', 'merge', 'sum', 'min', 'max', 'union'] as const;
export type Reducer = (typeof REDUCERS)[number];

export interface ChannelDefinition {
  schema?: JsonSchema;
  /** default `replace` */
  reducer?: Reducer;
  default?: Json;
}

export interface RetryPolicy {
  max_attempts?: number;
  initial_interval_ms?: number;
  backoff?: number;
  max_interval_ms?: number;
  non_retryable?: string[];
}

interface NodeBase {
  id: string;
  /** Raises, never lowers, what the node's tool or handler needs. */
  privilege_level?: PrivilegeLevel;
  gate?: string;
  retry?: RetryPolicy;
  timeout_seconds?: number;
  heartbeat_seconds?: number;
  on_error?: string;
  /** A node id, or `CONTINUE`: the normal edges. */
  on_open?: string;
  open_wait_seconds?: number;
  compensate?: { tool: string; arguments: Value };
}

export interface AgentNode extends NodeBase {
  type: 'agent';
  agent: string;
  prompt: Value;
  tools?: string[];
  max_turns?: number;
  response_schema?: JsonSchema;
  memory?: 'private' | 'shared';
  output?: string;
  outputs?: Record<string, Expression>;
}
export interface ToolNode extends NodeBase {
  type: 'tool';
  tool: string;
  arguments?: Value;
  output?: string;
  outputs?: Record<string, Expression>;
}
export interface FunctionNode extends NodeBase {
  type: 'function';
  handler: string;
  arguments?: Value;
  task_queue?: string;
  placement?: 'activity' | 'local';
  output?: string;
  outputs?: Record<string, Expression>;
}
export interface TransformNode extends NodeBase {
  type: 'transform';
  set: Record<string, Value>;
}
export interface GateNode extends Omit<NodeBase, 'gate'> {
  type: 'gate';
  gate: string;
  payload?: Value;
  output?: string;
  outputs?: Record<string, Expression>;
}
export interface WorkflowNode extends NodeBase {
  type: 'workflow';
  workflow: string;
  version?: number;
  input?: Value;
  max_depth?: number;
  output?: string;
  outputs?: Record<string, Expression>;
}
export interface WaitNode extends NodeBase {
  type: 'wait';
  seconds?: Value;
  until?: Value;
  signal?: string;
  timeout_seconds?: number;
  output?: string;
  outputs?: Record<string, Expression>;
}
export interface CompensateNode extends NodeBase {
  type: 'compensate';
}
export interface FailNode extends NodeBase {
  type: 'fail';
  code: string;
  message: Value;
}
export type NodeDefinition =
  AgentNode | ToolNode | FunctionNode | TransformNode | GateNode | WorkflowNode | WaitNode | CompensateNode | FailNode;
export type NodeType = NodeDefinition['type'];

export interface EdgeDefinition {
  /** One node, or a join: each entry a node or a list of which one must have ended. */
  source: string | (string | string[])[];
  target: string;
  condition?: Expression;
  otherwise?: true;
  for_each?: Expression;
  max_concurrency?: number;
  /** default `fail` */
  on_item_error?: 'fail' | 'collect';
}

export interface GateDefinition {
  gate_name: string;
  /** default `privilege_level >= 3` */
  trigger_condition?: Expression;
  /** hours, may be fractional */
  approval_timeout_hours?: number;
  /** default `notify_admin`, as is any other word */
  escalation_policy?: string;
  auto_reject_on_timeout?: boolean;
  /** default 1; of a gate with stages each has its own */
  approvals_required?: number;
  /** who may decide; default: whoever has role and level for it */
  approvers?: ApproverRef[];
  /** asked in their order, in place of `approvers` and `approvals_required` */
  stages?: GateStage[];
  separation_of_duties?: SeparatedDuty[];
  /** false: no standing approval stands in; default true, and never from level 4 on */
  allow_standing?: boolean;
  reminder_hours?: number;
  /** default: at the timeout, unless that rejects */
  escalation_hours?: number;
  /** with `reassign` */
  escalate_to?: ApproverRef[];
  /** with `raise` */
  escalated_approvals_required?: number;
  business_hours?: BusinessHours | 'tenant';
}

export interface GateStage {
  name: string;
  approvers?: ApproverRef[];
  /** default 1 */
  approvals_required?: number;
}

/** Members of a BreakerConfig that a definition, an agent or a tenant sets; the others come from the layer below. */
export type BreakerSettings = Partial<BreakerConfig>;

export interface WorkflowDefinition {
  schema: typeof DEFINITION_SCHEMA;
  name: string;
  description?: string;
  input?: JsonSchema;
  state?: Record<string, ChannelDefinition>;
  nodes: NodeDefinition[];
  edges: EdgeDefinition[];
  output?: Value;
  hitl_gates?: Record<string, GateDefinition>;
  circuit_breaker?: BreakerSettings;
  limits?: { max_steps?: number; timeout_seconds?: number };
}

/** What publishing found. An `error` stops it; a `warning` is kept with the version. */
export interface Finding {
  /** stable, UPPER_SNAKE */
  rule: string;
  severity: 'error' | 'warning';
  message: string;
  node?: string;
  edge?: number;
  /** node ids from START, where a path is the proof */
  path?: string[];
  /** JSON pointer into the definition */
  pointer?: string;
  /** what to do */
  hint?: string;
}
