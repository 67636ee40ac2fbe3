import type { ApprovalRule } from '../approval/approval-rule.js';
import { decidersOf } from '../approval/deciders-of-stages.js';
import { approvalRule } from '../approval/make-approval-rule.js';
import { type GateDefinition } from '../definition/definition.js';
import { compileExpression } from '../expression/compile-expression.js';
import { SCOPE, type Scope } from '../expression/scope.js';
import { type PrivilegeLevel } from '../privilege/privilege-level.js';
import { type GatePolicy, policiesOf } from './gate-policy.js';

const CONDITION_BY_DEFAULT = 'privilege_level >= 3';
/** From here on no condition can waive the approval. */
const ALWAYS_FROM: PrivilegeLevel = 4;
const GATE_FROM: PrivilegeLevel = 3;

const ABSENT: Scope = Object.fromEntries(SCOPE.gate.map((name) => [name, null]));

export interface GateQuestion {
  gate: GateDefinition;
  /** the node names the gate */
  explicit: boolean;
  /** a `gate` node or an agent that forces an approval: nothing waives one */
  always?: boolean;
  /** the tenant's, whichever calls they are for */
  policies?: readonly GatePolicy[];
  /** what the call needs */
  need: PrivilegeLevel;
  /**
   * what the conditions see beside `privilege_level`; variables of {@link SCOPE.gate}, or of a policy's
   * {@link SCOPE.gatePolicy}, that are missing are null
   */
  scope: Scope;
}
export interface GateAnswer {
  required: boolean;
  /** different deciders that must approve; meaningful where `required` */
  approvals_required: number;
  /** who they are; meaningful where `required` */
  rule: ApprovalRule;
  /** those that hold the call */
  policies: GatePolicy[];
}

/** Of agents whose calls are approved by people. Source: the auth gateway's `requires_hitl`. */
const FORCED_FROM: PrivilegeLevel = 2;

/** Whether the agent that makes a call forces its approval, whatever gate it meets. */
export const forcesApproval = (agent: { requires_hitl?: boolean } | undefined, need: PrivilegeLevel): boolean =>
  agent?.requires_hitl === true && need >= FORCED_FROM;

/**
 * Whether a call must wait for an approval, and of whom. Pure and fast: no I/O, no clock.
 * Source: the level table of the architecture; nobody can waive it.
 * @throws ExpressionError where the condition fails while running: an error is never an open gate
 * @throws ExpressionCompileError where it does not compile, which publishing excludes
 */
export function evaluateGate({
  gate,
  explicit,
  always = false,
  policies: known = [],
  need,
  scope,
}: GateQuestion): GateAnswer {
  const policies = policiesOf(known, { ...scope, privilege_level: need });
  const rule = approvalRule(gate, need, policies);
  const required =
    always ||
    policies.length > 0 ||
    need >= ALWAYS_FROM ||
    ((explicit || need >= GATE_FROM) && holds(gate, need, scope));
  return { required, approvals_required: decidersOf(rule), rule, policies };
}

function holds(gate: GateDefinition, need: PrivilegeLevel, scope: Scope): boolean {
  const condition = compileExpression(gate.trigger_condition ?? CONDITION_BY_DEFAULT, {
    variables: SCOPE.gate,
    expect: 'bool',
  });
  return condition.evaluate({ ...ABSENT, ...scope, privilege_level: need }) === true;
}
