/** What one would write by hand, without the platform. Runs in Temporal's sandbox: the bundle's entry. */
import { condition, defineQuery, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';
import type { ExecutionActivities, ExecutionOutcome, ExecutionRef, ToolCall } from '@aumos/agf-engine/common';

type Activities = Pick<ExecutionActivities, 'recordStarted' | 'recordWaiting' | 'runTool' | 'recordOutcome'>;

const { recordStarted, recordWaiting, runTool, recordOutcome } = proxyActivities<Activities>({
  startToCloseTimeout: '30s',
});

export interface HandWritten {
  ref: ExecutionRef;
  calls: ToolCall[];
  /** at once, instead of one after the other */
  together: boolean;
  outcome: ExecutionOutcome;
}

/** Says that it began, makes the calls, says how it ended. */
export async function handWritten({ ref, calls, together, outcome }: HandWritten): Promise<void> {
  await recordStarted(ref);
  if (together) await Promise.all(calls.map((call) => runTool(call)));
  else for (const call of calls) await runTool(call);
  await recordOutcome(outcome);
}

/** Says that it waits, and waits for good. */
export async function waiting(ref: ExecutionRef): Promise<void> {
  await recordWaiting({ ref, mark: 1, waiting: true, node: 'wait', visit: 1, ended: [] } as Parameters<
    typeof recordWaiting
  >[0]);
  await condition(() => false);
}

/** The least that a start can start. */
export async function empty(): Promise<void> {
  return Promise.resolve();
}

const { began } = proxyActivities<{ began(): Promise<number> }>({ startToCloseTimeout: '30s' });

/** Waits for the signal, then calls one activity. @returns when that began */
export async function signalled(): Promise<number> {
  let decided = false;
  setHandler(defineSignal('decided'), () => {
    decided = true;
  });
  setHandler(defineQuery('waits'), () => !decided);
  await condition(() => decided);
  return began();
}
