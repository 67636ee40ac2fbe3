import { z } from 'zod';
import type { FieldError } from '../errors/codes.js';
import { compileExpression } from '../expression/compile-expression.js';
import { ExpressionCompileError } from '../expression/errors.js';
import { SCOPE } from '../expression/scope.js';
import type { GatePolicy } from '../gate/gate-policy.js';
import { checkedInput } from '../tool/registry/checked-input.js';
import { NAME_PATTERN } from './definition.js';
import { approversSchema, decidersSchema, hoursSchema, stagesSchema } from './gate-language.js';
import { DEFINITION_LIMITS } from './limits.js';
import { utf8Length } from './snapshot.js';

const MOST_BYTES = 65_536;

const policySchema = z
  .strictObject({
    name: z.string().regex(NAME_PATTERN, 'must be a letter, then letters, digits, _ or -, at most 64 characters'),
    condition: z.string().min(1).max(DEFINITION_LIMITS.expressionBytes),
    approvals_required: decidersSchema.optional(),
    approvers: approversSchema.optional(),
    stages: stagesSchema.optional(),
    max_timeout_hours: hoursSchema.optional(),
    allow_standing: z.literal(false, { error: 'can be false only: a policy makes nothing less strict' }).optional(),
  })
  .refine(({ stages, approvers }) => stages === undefined || approvers === undefined, {
    path: ['stages'],
    error: 'must not stand beside approvers: each stage has its own',
  });

/** A policy as a tenant gives it. Takes anything, throws nothing. */
export function checkGatePolicy(input: unknown): { policy: GatePolicy } | { fields: FieldError[] } {
  const checked = checkedInput(input, policySchema, MOST_BYTES);
  if ('fields' in checked) return checked;
  const policy = checked.value as unknown as GatePolicy;
  const problem = problemOf(policy.condition);
  return problem === undefined ? { policy } : { fields: [{ field: 'condition', error: problem }] };
}

function problemOf(condition: string): string | undefined {
  if (utf8Length(condition) > DEFINITION_LIMITS.expressionBytes)
    return `has more than ${String(DEFINITION_LIMITS.expressionBytes)} bytes`;
  try {
    compileExpression(condition, { variables: SCOPE.gatePolicy, expect: 'bool' });
    return undefined;
  } catch (error) {
    if (!(error instanceof ExpressionCompileError)) return 'is too complex';
    return error.position === undefined
      ? error.message
      : `${error.message} (at character ${String(error.position + 1)})`;
  }
}
