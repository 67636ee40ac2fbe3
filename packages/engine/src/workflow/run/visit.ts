import type { Json } from '@aumos/agf-domain/runtime';
import type { StepView } from '../graph/build-graph.js';
import type { ActingAgent } from '../../common/index.js';
import type { NodePlan, RunnableNode } from '../plan/plan.js';
import type { DueVisit } from '../plan/step.js';
import type { ExecutionRun } from './execution-run.js';

/** One visit of a node, with all that running it needs. */
export interface Visit<N extends RunnableNode = RunnableNode> {
  run: ExecutionRun;
  planned: NodePlan;
  node: N;
  due: DueVisit;
  site: { node: string; visit: number };
  view: StepView;
  /** what the node's expressions see */
  scope: Record<string, Json>;
  /** the node's evaluated arguments, members or payload */
  input: Json;
  /** that chose the call which this visit is; it is inside of the agent's own */
  agent?: ActingAgent;
}

/** What a visit came to. */
export interface Ran {
  result: Json;
  /** an activity wrote the visit's record */
  recorded: boolean;
  /** a person answered in place of the call: nothing was done that could be undone */
  answered?: true;
}
