import { CancellationScope, condition, sleep, workflowInfo } from '@temporalio/workflow';
import type { Carried } from '../../common/index.js';
import type { ExecutionRun } from '../run/execution-run.js';
import type { ApprovalSignals } from './approval-signals.js';

/** Well below what Temporal takes of a history, and what a replay takes of a workflow task's time. */
const DEFAULT_LIMITS = { events: 8_000, visits: 5_000 };

/**
 * Settles when the execution is to go on in another run, and can: with what it goes on. Most never do. Neither the
 * workflow's cancellation nor a failure settles it: the execution's own end does.
 */
export const handedOver = (run: ExecutionRun, approvals: ApprovalSignals): Promise<Carried> =>
  CancellationScope.nonCancellable(() => untilQuiet(run, approvals));

async function untilQuiet(run: ExecutionRun, approvals: ApprovalSignals): Promise<Carried> {
  const { handover, ended } = run;
  const limits = run.start.settings.continue_after ?? DEFAULT_LIMITS;
  handover.mostVisits = limits.visits;
  await condition(() => handover.wanted || workflowInfo().historyLength >= limits.events);
  handover.ask();
  const told = new Set<string>();
  const untold = (): [id: string, tell: () => Promise<void>][] => [...approvals.open].filter(([id]) => !told.has(id));
  const standsStill = (): boolean => handover.quiet && !run.ending;
  const nothingLeft = (): boolean => ended.isEmpty && untold().length === 0;
  for (;;) {
    await condition(standsStill);
    if (nothingLeft()) {
      await everythingTold();
      if (standsStill() && nothingLeft()) return run.carry([...approvals.opened]);
      continue;
    }
    const toTell = untold();
    if (!ended.isEmpty) await run.relieve(true);
    await Promise.all(
      toTell.map(async ([id, tell]) => {
        told.add(id);
        // One that is gone has ended, and its end is on its way to this run.
        await tell().catch(() => undefined);
      }),
    );
  }
}

/** As many turns as the longest way from what a task brings (a result, a signal) to the visit that waits for it. */
const TURNS = 100;

/**
 * A condition may hold before all that came with its task was looked at: what comes later in the task would be lost with
 * the run. A timer's task brings what came by then before it, and its turns let that have its effect.
 */
async function everythingTold(): Promise<void> {
  await sleep(1);
  for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
}
