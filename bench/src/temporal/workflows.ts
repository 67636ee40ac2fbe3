/** What one would write by hand, without the platform. Runs in Temporal's sandbox: the bundle's entry. */
import { proxyActivities } from '@temporalio/workflow';
import type { ExecutionActivities, ExecutionOutcome, ExecutionRef, ToolCall } from '@aumos/agf-engine/common';

type Activities = Pick<ExecutionActivities, 'recordStarted' | 'runTool' | 'recordOutcome'>;

const { recordStarted, runTool, recordOutcome } = proxyActivities<Activities>({ startToCloseTimeout: '30s' });

export interface HandWritten {
  ref: ExecutionRef;
  /** one after the other */
  calls: ToolCall[];
  outcome: ExecutionOutcome;
}

/** Says that it began, makes the calls, says how it ended. */
export async function handWritten({ ref, calls, outcome }: HandWritten): Promise<void> {
  await recordStarted(ref);
  for (const call of calls) await runTool(call);
  await recordOutcome(outcome);
}

/** The least that a start can start. */
export async function empty(): Promise<void> {
  return Promise.resolve();
}
