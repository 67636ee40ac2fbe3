import {
  ANSWER_BYTES,
  ApiError,
  compileSchema,
  type Decision,
  type Json,
  type JsonSchema,
  jsonSize,
} from '@aumos/agf-domain';
import type { ApprovalEntity } from '@aumos/agf-persistence';

type Asked = Pick<ApprovalEntity, 'allowed_decisions' | 'input_schema' | 'output_schema'>;

/** Of one value, in an error. */
const ISSUES = 10;

/**
 * Whether an approval can be decided so, and what comes with the decision fits the tool it is for.
 * @throws ApiError DECISION_NOT_ALLOWED, PAYLOAD_TOO_LARGE, VALIDATION_ERROR with the fields that do not fit
 */
export function checkGiven(approval: Asked, decision: Decision, given: Json): void {
  const { allowed_decisions: allowed, input_schema, output_schema } = approval;
  if (!allowed.includes(decision)) throw notAllowed(allowed);
  if (decision === 'edit') fits('arguments', given, input_schema);
  if (decision !== 'respond') return;
  const bytes = jsonSize(given);
  if (bytes > ANSWER_BYTES)
    throw new ApiError('PAYLOAD_TOO_LARGE', `A result may have ${String(ANSWER_BYTES)} bytes of JSON.`, {
      ...{ bytes, limit: ANSWER_BYTES },
    });
  fits('result', given, output_schema);
}

export const notAllowed = (allowed: readonly Decision[]): ApiError =>
  new ApiError('DECISION_NOT_ALLOWED', 'This approval cannot be decided so.', { allowed_decisions: allowed });

function fits(member: 'arguments' | 'result', value: Json, schema: JsonSchema | null): void {
  const issues = schema === null ? [] : compileSchema(schema).check(value);
  if (issues.length === 0) return;
  throw new ApiError('VALIDATION_ERROR', `The ${member} are not what the tool takes or gives.`, {
    fields: issues.slice(0, ISSUES).map(({ pointer, message: error }) => ({
      field: [member, ...pointer.split('/').slice(1)].join('.'),
      error,
    })),
  });
}
