import {
  compileSchema,
  functionBreakerKey,
  type FunctionNode,
  type Json,
  type JsonSchema,
  type ToolNode,
  type ToolSpec,
} from '@aumos/agf-domain/runtime';
import { HANDLER_TIMEOUT, type FunctionCall, type ToolCall, type ToolCallOutcome } from '../common/index.js';
import {
  functionSchedule,
  functionTimeoutSeconds,
  retrySchedule,
  timeoutSeconds,
} from '../workflow/run/call-policy.js';
import { failed, simulateAttempts, type Attempt, type Outside } from './simulate-attempts.js';

/** One call as its dispatch makes it: privilege, arguments, the tool's answer, its result. @throws NodeError */
export const simulateCall = (
  call: ToolCall,
  { node, spec }: { node: ToolNode; spec: ToolSpec },
  outside: Outside,
): Promise<ToolCallOutcome> =>
  simulateAttempts(
    call,
    {
      name: `tool ${call.tool}`,
      breaker: `tool:${call.tool}`,
      schedule: retrySchedule(node, spec),
      limitMs: timeoutSeconds(node, spec) * 1000,
      refusal: () => refusal(call, spec),
      timedOut: () => timedOut(spec),
      completed: (result) => checked(spec, result),
    },
    outside,
  );

/** The same of a handler. Its schemas are its worker's: here they are not known. @throws NodeError */
export const simulateFunction = (call: FunctionCall, node: FunctionNode, outside: Outside): Promise<ToolCallOutcome> =>
  simulateAttempts(
    call,
    {
      name: `handler ${call.handler}`,
      breaker: functionBreakerKey(node),
      schedule: functionSchedule(node),
      limitMs: functionTimeoutSeconds(node) * 1000,
      refusal: () => undefined,
      timedOut: () => failed(HANDLER_TIMEOUT, 'The handler did not end in time', true),
      completed: (result) => ({ kind: 'completed', result }),
    },
    outside,
  );

function refusal({ arguments: args }: ToolCall, spec: ToolSpec): Attempt | undefined {
  const issue = misfit(spec.input_schema, args);
  if (issue === undefined) return undefined;
  return failed('INVALID_ARGUMENTS', `${spec.name} does not take these arguments: ${issue}`);
}

const timedOut = (spec: ToolSpec): Attempt =>
  spec.idempotent
    ? failed('TOOL_TIMEOUT', 'The call did not end in time', true)
    : failed('OUTCOME_UNKNOWN', 'The call was lost: whether it had its effect is unknown');

function checked(spec: ToolSpec, result: Json): Attempt {
  const issue = misfit(spec.output_schema, result);
  if (issue === undefined) return { kind: 'completed', result };
  return failed('INVALID_RESULT', `${spec.name} gave a result that is not what it promises: ${issue}`);
}

function misfit(schema: JsonSchema, value: Json): string | undefined {
  if (schema === true) return undefined;
  const [issue] = compileSchema(schema).check(value);
  return issue && `${issue.pointer || '/'} ${issue.message}`;
}
