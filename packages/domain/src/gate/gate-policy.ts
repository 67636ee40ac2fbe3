import type { ApproverRef } from '../approval/approval-rule.js';
import { canonicalJson } from '../canonical/canonical-json.js';
import { sha256Hex } from '../canonical/hash.js';
import type { Expression, GateStage } from '../definition/definition.js';
import { compileExpression } from '../expression/compile-expression.js';
import { ExpressionError } from '../expression/errors.js';
import { SCOPE, type Scope } from '../expression/scope.js';

/**
 * What a tenant asks of calls beside and above the gates of its workflows. Every call for which its condition holds waits
 * for an approval; the other members make that stricter than the gate has it, and never less strict.
 */
export interface GatePolicy {
  /** of the tenant's one and only */
  name: string;
  /** over {@link SCOPE.gatePolicy} */
  condition: Expression;
  /** over all stages at least so many */
  approvals_required?: number;
  approvers?: ApproverRef[];
  /** besides those of the gate */
  stages?: GateStage[];
  max_timeout_hours?: number;
  allow_standing?: false;
}

/** What a policy's condition sees that is missing: null. */
const ABSENT: Scope = Object.fromEntries(SCOPE.gatePolicy.map((name) => [name, null]));

/**
 * The policies that hold a call. One whose condition fails while running, as does one that names a member which the call's
 * arguments lack, holds it: an error is never a way past.
 */
export function policiesOf(policies: readonly GatePolicy[], scope: Scope): GatePolicy[] {
  if (policies.length === 0) return [];
  const seen = { ...ABSENT, ...scope };
  return policies.filter((policy) => holds(policy, seen));
}

function holds({ condition }: GatePolicy, scope: Scope): boolean {
  const compiled = compileExpression(condition, { variables: SCOPE.gatePolicy, expect: 'bool' });
  try {
    return compiled.evaluate(scope) === true;
  } catch (error) {
    if (error instanceof ExpressionError) return true;
    throw error;
  }
}

/** What a policy says, in one word: another word is another policy, whatever its name. */
export const policyHash = (policy: GatePolicy): string => sha256Hex(canonicalJson(policy));

/** The policies that hold a call now, and did not when people were asked, or not so. */
export const policiesBeyond = (applying: readonly GatePolicy[], asked: readonly string[] = []): GatePolicy[] =>
  applying.filter((policy) => !asked.includes(policyHash(policy)));
