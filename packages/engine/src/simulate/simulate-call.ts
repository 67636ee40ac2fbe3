import {
  compileSchema,
  decidePrivilege,
  type Json,
  type JsonObject,
  type JsonSchema,
  type ToolNode,
  type ToolSpec,
} from '@aumos/agf-domain/runtime';
import { NEVER_RETRIED, type ToolCall, type ToolCallOutcome } from '../common/index.js';
import { executionError } from '../workflow/plan/failure.js';
import { NodeError } from '../workflow/plan/node-error.js';
import { retrySchedule, timeoutSeconds, type RetrySchedule } from '../workflow/run/call-policy.js';
import type { ToolReply } from './script.js';

interface Failure {
  code: string;
  message: string;
  retryable: boolean;
  details: JsonObject;
}
type Attempt = ToolCallOutcome | { kind: 'failed'; failure: Failure };

const failed = (code: string, message: string, retryable = false, details: JsonObject = {}): Attempt => ({
  kind: 'failed',
  failure: { code, message, retryable, details },
});

const DEFAULT_RETRY_AFTER_MS = 60_000;
/** Temporal's: the longest interval between attempts, in first ones. */
const INTERVALS_AT_MOST = 100;

/**
 * One call as its dispatch makes it: privilege, arguments, the tool's answer, its result; with the node's retries.
 * @param reply how the next attempt ends @param wait lets virtual time pass
 * @throws NodeError
 */
export async function simulateCall(
  call: ToolCall,
  { node, spec }: { node: ToolNode; spec: ToolSpec },
  outside: { reply: () => ToolReply; wait: (ms: number) => Promise<void> },
): Promise<ToolCallOutcome> {
  const schedule = retrySchedule(node, spec);
  const limitMs = timeoutSeconds(node, spec) * 1000;
  for (let attempt = 1; ; attempt++) {
    const outcome = refusal(call, spec) ?? (await answered(call, spec, limitMs, outside));
    if (outcome.kind !== 'failed') return outcome;
    const { code, message, retryable, details } = outcome.failure;
    const final = !retryable || NEVER_RETRIED.has(code) || schedule.nonRetryable.includes(code);
    if (final || attempt >= schedule.maxAttempts) {
      const site = { node: call.node, visit: call.visit };
      throw new NodeError(executionError(site, code, message, details, attempt));
    }
    await outside.wait(intervalMs(schedule, attempt));
  }
}

const intervalMs = ({ initialMs, backoff, maxMs }: RetrySchedule, attempt: number): number =>
  Math.min(initialMs * backoff ** (attempt - 1), maxMs ?? initialMs * INTERVALS_AT_MOST);

/** What the dispatch refuses before the tool runs. */
function refusal(call: ToolCall, spec: ToolSpec): Attempt | undefined {
  const { allowed, effective, need } = decidePrivilege({
    token: call.initiator_level,
    cap: call.max_privilege_level,
    need: call.need,
    ...(call.privilege_ceiling === undefined ? {} : { ceiling: call.privilege_ceiling }),
  });
  if (!allowed) {
    const text = `tool ${call.tool} needs level ${String(need)}, the effective level is ${String(effective)}`;
    return failed('PRIVILEGE_DENIED', text, false, { need, effective });
  }
  const issue = misfit(spec.input_schema, call.arguments);
  if (issue === undefined) return undefined;
  return failed('INVALID_ARGUMENTS', `${spec.name} does not take these arguments: ${issue}`);
}

async function answered(
  call: ToolCall,
  spec: ToolSpec,
  limitMs: number,
  { reply, wait }: { reply: () => ToolReply; wait: (ms: number) => Promise<void> },
): Promise<Attempt> {
  const given = reply();
  await wait(Math.min(given.takes_ms ?? 0, limitMs));
  if ((given.takes_ms ?? 0) > limitMs)
    return spec.idempotent
      ? failed('TOOL_TIMEOUT', 'The call did not end in time', true)
      : failed('OUTCOME_UNKNOWN', 'The call was lost: whether it had its effect is unknown');
  if ('error' in given) {
    const { code, message = code, retryable = false, details = {} } = given.error;
    return failed(code, message, retryable, details);
  }
  if ('refused' in given) return refused(call, given.refused.retry_after_ms ?? DEFAULT_RETRY_AFTER_MS);
  const issue = misfit(spec.output_schema, given.result);
  if (issue === undefined) return { kind: 'completed', result: given.result };
  return failed('INVALID_RESULT', `${spec.name} gave a result that is not what it promises: ${issue}`);
}

function refused({ node, visit, tool }: ToolCall, retry_after_ms: number): ToolCallOutcome {
  const key = `tool:${tool}` as const;
  const details = { circuit_key: key, state: 'open', retry_after_ms };
  const error = executionError({ node, visit }, 'CIRCUIT_OPEN', `breaker ${key} is open`, details, 0);
  return { kind: 'refused', key, retry_after_ms, error };
}

function misfit(schema: JsonSchema, value: Json): string | undefined {
  if (schema === true) return undefined;
  const [issue] = compileSchema(schema).check(value);
  return issue && `${issue.pointer || '/'} ${issue.message}`;
}
