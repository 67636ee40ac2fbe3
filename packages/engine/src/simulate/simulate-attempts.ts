import { decidePrivilege, type ExecutionError, type Json, type JsonObject } from '@aumos/agf-domain/runtime';
import {
  NEVER_RETRIED,
  type FunctionCall,
  type ModelCall,
  type ToolCall,
  type ToolCallOutcome,
} from '../common/index.js';
import { executionError } from '../workflow/plan/failure.js';
import { NodeError } from '../workflow/plan/node-error.js';
import { intervalMs, type RetrySchedule } from '../workflow/run/call-policy.js';
import type { ToolReply } from './script.js';

interface Failure {
  code: string;
  message: string;
  retryable: boolean;
  details: JsonObject;
}
export type Attempt = ToolCallOutcome | { kind: 'failed'; failure: Failure };

export const failed = (code: string, message: string, retryable = false, details: JsonObject = {}): Attempt => ({
  kind: 'failed',
  failure: { code, message, retryable, details },
});

const DEFAULT_RETRY_AFTER_MS = 60_000;

type AnyCall = ToolCall | FunctionCall | ModelCall;

export interface Outside {
  /** how the next attempt ends */
  reply: () => ToolReply;
  /** lets virtual time pass */
  wait: (ms: number) => Promise<void>;
}

/** What is called, and how often and how long it is tried. */
export interface Called {
  /** `tool "x"`, for messages */
  name: string;
  breaker: Extract<ToolCallOutcome, { kind: 'refused' }>['key'];
  schedule: RetrySchedule;
  limitMs: number;
  /** what the dispatch refuses before it is called */
  refusal: () => Attempt | undefined;
  timedOut: () => Attempt;
  /** what its result is to it */
  completed: (result: Json) => Attempt;
}

/** One call as its dispatch makes it, with the node's retries. @throws NodeError */
export async function simulateAttempts(call: AnyCall, called: Called, outside: Outside): Promise<ToolCallOutcome> {
  const { schedule } = called;
  for (let attempt = 1; ; attempt++) {
    const outcome = denied(call, called) ?? called.refusal() ?? (await answered(call, called, outside));
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

function denied(call: AnyCall, { name }: Called): Attempt | undefined {
  const { allowed, effective, need } = decidePrivilege({
    token: call.initiator_level,
    cap: call.max_privilege_level,
    need: call.need,
    ...(call.privilege_ceiling === undefined ? {} : { ceiling: call.privilege_ceiling }),
    ...('tool' in call && call.agent ? { agent: call.agent.privilege_level } : {}),
  });
  if (allowed) return undefined;
  const text = `${name} needs level ${String(need)}, the effective level is ${String(effective)}`;
  return failed('PRIVILEGE_DENIED', text, false, { need, effective });
}

async function answered(
  call: AnyCall,
  { limitMs, timedOut, completed, breaker }: Called,
  { reply, wait }: Outside,
): Promise<Attempt> {
  const given = reply();
  await wait(Math.min(given.takes_ms ?? 0, limitMs));
  if ((given.takes_ms ?? 0) > limitMs) return timedOut();
  if ('error' in given) {
    const { code, message = code, retryable = false, details = {} } = given.error;
    return failed(code, message, retryable, details);
  }
  if ('refused' in given) return refused(call, breaker, given.refused.retry_after_ms ?? DEFAULT_RETRY_AFTER_MS);
  return completed(given.result);
}

function refused({ node, visit }: AnyCall, key: Called['breaker'], retry_after_ms: number): ToolCallOutcome {
  const details = { circuit_key: key, state: 'open', retry_after_ms };
  const error: ExecutionError = executionError({ node, visit }, 'CIRCUIT_OPEN', `breaker ${key} is open`, details, 0);
  return { kind: 'refused', key, retry_after_ms, error };
}
