import { type ExecutionError, type FunctionNode, type Json } from '@aumos/agf-domain/runtime';
import { ApplicationFailure } from '@temporalio/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { HANDLER_FAILED, HANDLER_TIMEOUT, type FunctionCall } from '../common/index.js';
import { toActivityFailure } from '../worker/failure.js';
import { executionError, isExecutionError } from '../workflow/plan/failure.js';
import { NodeError } from '../workflow/plan/node-error.js';
import { functionSchedule, intervalMs } from '../workflow/run/call-policy.js';
import type { SegmentDesk } from './desk.js';
import { limited, TimeIsOver } from './limited.js';

/** A longer wait than this is the workflow's. */
const WAIT_HERE_MS = 250;
/** After so long its next attempt is. */
const TRIED_HERE_MS = 5_000;

/** How a visit's handler ended, its retries included. */
export type Handled =
  | { kind: 'completed'; result: Json; attempts: number }
  | { kind: 'failed'; error: NodeError; attempts: number }
  | { kind: 'cancelled' }
  /** another attempt is due, later than a segment waits */
  | { kind: 'later'; attempts: number; delayMs: number };

/** One visit's handler, with its retries as far as they are near. */
export async function handled(
  desk: Pick<SegmentDesk, 'handle'>,
  call: FunctionCall,
  node: FunctionNode,
  scope: AbortSignal,
): Promise<Handled> {
  const schedule = functionSchedule(node);
  const began = Date.now();
  for (let attempts = 1; ; attempts++) {
    const ended = await attempt(desk, call, attempts, scope);
    if (ended.kind !== 'failed' || ended.final || attempts >= schedule.maxAttempts) return ended;
    if (schedule.nonRetryable.includes(ended.error.error.code)) return ended;
    const delayMs = intervalMs(schedule, attempts);
    if (delayMs > WAIT_HERE_MS || Date.now() - began >= TRIED_HERE_MS) return { kind: 'later', attempts, delayMs };
    await sleep(delayMs);
    if (scope.aborted) return { kind: 'cancelled' };
  }
}

/** What it tells the breakers; one that is cut short or goes on later tells nothing. */
export function toldBy(ended: Handled): ExecutionError | null | 'ignored' {
  if (ended.kind === 'completed') return null;
  return ended.kind === 'failed' ? ended.error.error : 'ignored';
}

type Attempted =
  Exclude<Handled, { kind: 'later' | 'failed' }> | (Extract<Handled, { kind: 'failed' }> & { final: boolean });

async function attempt(
  desk: Pick<SegmentDesk, 'handle'>,
  call: FunctionCall,
  attempts: number,
  scope: AbortSignal,
): Promise<Attempted> {
  if (scope.aborted) return { kind: 'cancelled' };
  const site = { node: call.node, visit: call.visit };
  try {
    const result = await limited(scope, call.timeout_seconds * 1000, (signal) => desk.handle(call, attempts, signal));
    return { kind: 'completed', result, attempts };
  } catch (thrown) {
    if (scope.aborted) return { kind: 'cancelled' };
    if (thrown instanceof TimeIsOver) {
      const details = { timeout: 'START_TO_CLOSE' };
      const text = 'The handler did not end in time';
      return failed(executionError(site, HANDLER_TIMEOUT, text, details, attempts), false);
    }
    const failure = toActivityFailure(thrown, { ...site, attempts });
    const detail = failure instanceof ApplicationFailure ? failure.details?.[0] : undefined;
    const final = failure instanceof ApplicationFailure && failure.nonRetryable === true;
    return isExecutionError(detail)
      ? failed({ ...detail, ...site }, final)
      : failed(executionError(site, HANDLER_FAILED, 'The handler failed', {}, attempts), final);
  }
  function failed(error: NodeError['error'], final: boolean): Attempted {
    return { kind: 'failed', error: new NodeError(error), attempts, final };
  }
}
