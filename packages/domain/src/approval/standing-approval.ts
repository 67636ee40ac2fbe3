import { ExpressionCompileError } from '../expression/errors.js';
import { compileExpression } from '../expression/compile-expression.js';
import { SCOPE } from '../expression/scope.js';
import { type Json } from '../json/json.js';
import { type PrivilegeLevel } from '../privilege/privilege-level.js';
import { type ApprovalRule } from './approval-rule.js';

/** From the next level on people are asked about every call. */
export const STANDING_LEVEL: PrivilegeLevel = 3;
export const STANDING_MAX_USES = 1_000;
export const STANDING_MAX_DAYS = 30;

/** A call that people would be asked about. */
export interface StandingQuestion {
  tool: string | null;
  /** the workflow's name; null where it is not known */
  workflow: string | null;
  node: string;
  arguments: Json;
  privilege_level: PrivilegeLevel;
  approvals_required: number;
  rule: ApprovalRule | null;
  /** somebody wrote the arguments by an edit: who decides looks at them */
  edited: boolean;
}

/** What somebody has approved ahead of time. */
export interface StandingScope {
  tool: string;
  /** absent or null: of any workflow */
  workflow?: string | null;
  /** CEL over {@link SCOPE.standing} */
  condition: string;
  /** of the calls, at most */
  privilege_level: PrivilegeLevel;
}

/**
 * Whether one standing approval may decide on the call at all: of level 3 at most, where neither gate nor policy forbids
 * it, and one person's approval is enough. What was asked without a rule is asked of people.
 */
export const mayStand = ({ tool, privilege_level, approvals_required, rule, edited }: StandingQuestion): boolean =>
  tool !== null &&
  !edited &&
  privilege_level <= STANDING_LEVEL &&
  approvals_required === 1 &&
  rule?.standing_allowed === true &&
  rule.stages.length === 1 &&
  rule.stages[0]!.approvals_required === 1;

/** Whether this one is meant. A condition that fails while running holds for nothing. */
export function standsFor(standing: StandingScope, call: StandingQuestion): boolean {
  if (standing.tool !== call.tool || call.privilege_level > standing.privilege_level) return false;
  if ((standing.workflow ?? call.workflow) !== call.workflow) return false;
  try {
    const { arguments: args, node, workflow } = call;
    return compiled(standing.condition).evaluate({ arguments: args, node, workflow }) === true;
  } catch {
    return false;
  }
}

/** What is wrong with a condition; null: nothing. */
export function standingConditionProblem(condition: string): string | null {
  try {
    compiled(condition);
    return null;
  } catch (error) {
    if (error instanceof ExpressionCompileError) return error.message;
    throw error;
  }
}

const compiled = (condition: string) => compileExpression(condition, { variables: SCOPE.standing, expect: 'bool' });
