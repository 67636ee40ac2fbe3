import { type Json } from '../json/json.js';

/** Variables of one evaluation. Values are plain JSON; what is undefined is not there. */
export type Scope = Record<string, Json>;

const COMMON = ['input', 'state', 'execution', 'tenant_id'] as const;
const GATE = ['privilege_level', 'agent', 'tool', 'arguments', 'node', 'state', 'input'] as const;

/** Names in scope, by place. Source: the definition language, "Values and expressions". */
export const SCOPE = {
  /** `condition` and `for_each` of an edge */
  edge: COMMON,
  /** values of a node: arguments, set, payload, input, prompt, until, message */
  tool: COMMON,
  /** the same in the target of a for-each edge */
  forEachTarget: [...COMMON, 'item', 'index'],
  /** `outputs` and the arguments of `compensate` */
  outputs: [...COMMON, 'result'],
  /** the same in the target of a for-each edge */
  forEachOutputs: [...COMMON, 'item', 'index', 'result'],
  /** `trigger_condition` */
  gate: GATE,
  /** `condition` of a tenant's policy: `workflow` is its name */
  gatePolicy: [...GATE, 'workflow'],
  /** of a standing approval: the call that is asked about */
  standing: ['arguments', 'node', 'workflow'],
  /** the definition's `output` */
  output: COMMON,
} as const satisfies Record<string, readonly string[]>;
