/** A definition made ready to run: pure data and functions, the same for every execution of the version. */
import type {
  ChannelDefinition,
  CompiledExpression,
  NodeDefinition,
  ToolSpec,
  WorkflowDefinition,
} from '@aumos/agf-domain/runtime';
import type { Evaluable } from './values.js';

export type RunnableNode = NodeDefinition;

export interface EdgePlan {
  /** place in the definition's `edges` */
  index: number;
  target: string;
  condition?: () => CompiledExpression;
  forEach?: () => CompiledExpression;
  /** items of one step that run at once; absent: all */
  maxConcurrency?: number;
  collect: boolean;
}

/** One node's edges, in the definition's order. */
export interface OutgoingEdges {
  /** fire whenever the node ends */
  always: EdgePlan[];
  /** the first true one fires */
  conditional: EdgePlan[];
  /** fire when no conditional one is true */
  otherwise: EdgePlan[];
  /** the node's ending fills this group of this join */
  joins: { join: number; group: number }[];
}

/** Fires once each group had one of its nodes end since it last fired. */
export interface JoinPlan {
  target: string;
  groups: string[][];
}

export interface NodePlan<N extends RunnableNode = RunnableNode> {
  node: N;
  out: OutgoingEdges;
  /** what the node computes from the state: arguments, a transform's members, a payload, a child's input, a time */
  value: () => Evaluable;
  /** by channel, over `result` */
  outputs: [channel: string, expression: () => CompiledExpression][];
  /** over `result`: what its compensation is called with */
  compensation?: () => Evaluable;
  /** what its visits are recorded as; default: the node's type */
  visitType?: string;
  /** of its tool, where the execution itself does not know that */
  spec?: ToolSpec;
  /** who asked for it takes a decision and nothing in its place */
  decisionOnly?: true;
}

export interface Plan {
  definition: WorkflowDefinition;
  nodes: ReadonlyMap<string, NodePlan>;
  start: OutgoingEdges;
  joins: JoinPlan[];
  /** declared ones and the ones that always exist */
  channels: Record<string, ChannelDefinition>;
  declared: ReadonlySet<string>;
  maxSteps: number;
  output?: () => Evaluable;
}

/** The definition cannot run. Publishing should have refused it. */
export class PlanError extends Error {
  readonly code = 'INVALID_DEFINITION';
  constructor(message: string) {
    super(message);
    this.name = 'PlanError';
  }
}
