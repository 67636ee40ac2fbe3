import {
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  getExternalWorkflowHandle,
  isCancellation,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
// Not all of common: what the graph alone needs stays out of this bundle.
import {
  SIGNAL_APPROVAL_CLOSED,
  SIGNAL_APPROVAL_OPENED,
  SIGNAL_DECIDED,
  SIGNAL_HANDED_OVER,
  type ApprovalClosed,
  type ApprovalActivities,
  type ApprovalOutcome,
  type ApprovalStart,
} from '../common/messages.js';
import { HEARTBEAT_TIMEOUT, RECORDING_RETRY } from '../common/timing.js';
import {
  anyHoursAfter,
  firstTimers,
  nextDue,
  nextReminder,
  type ApprovalTimers,
  type HoursAfter,
} from './approval-timers.js';

const decided = defineSignal(SIGNAL_DECIDED);
const handedOver = defineSignal(SIGNAL_HANDED_OVER);

/** Tried until done: an approval is lost neither to a database that is away nor to an app that is. */
const activities = proxyActivities<ApprovalActivities>({
  startToCloseTimeout: '30s',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: RECORDING_RETRY,
});

/** A decision whose signal was lost is found by looking, at first soon, later rarely. */
const FIRST_LOOK_MS = 30_000;
const RAREST_LOOK_MS = 300_000;
const EVENTS_PER_RUN = 2_000;

/** What a run hands to the next one. */
interface ApprovalCarry {
  escalated: boolean;
  lookMs: number;
  /** absent: of an earlier build, or nothing was due yet */
  timers?: ApprovalTimers;
  /** the run that started this approval is gone: its end is told by signal */
  bySignal?: boolean;
}

/**
 * One approval, from its opening to its outcome: people decide in the database, this workflow keeps its time.
 * Cancelled, it closes the approval first.
 */
export async function approvalWorkflow(start: ApprovalStart, carry?: ApprovalCarry): Promise<ApprovalOutcome> {
  const { tenant_id, approval_id } = start;
  let told = false;
  let bySignal = carry?.bySignal ?? false;
  setHandler(handedOver, () => {
    bySignal = true;
  });
  setHandler(decided, () => {
    told = true;
  });
  const nextLook = async (ms: number): Promise<boolean> => {
    const signalled = await condition(() => told, Math.max(1, ms));
    told = false;
    return signalled;
  };
  try {
    if (!carry) await open(start);
    const now = carry ?? { escalated: false, lookMs: FIRST_LOOK_MS };
    const outcome = await outcomeOf(start, now, nextLook, () => bySignal);
    if (bySignal) await tellClosed(start, outcome);
    return outcome;
  } catch (error) {
    if (isCancellation(error))
      await CancellationScope.nonCancellable(async () => {
        await activities.cancelApproval({ tenant_id, approval_id });
        if (bySignal) await tellClosed(start, null);
      });
    throw error;
  }
}

/** An execution that is gone needs no answer. */
async function tellClosed({ notify, approval_id }: ApprovalStart, outcome: ApprovalOutcome | null): Promise<void> {
  const closed: ApprovalClosed = { approval_id, outcome };
  try {
    await getExternalWorkflowHandle(notify).signal(SIGNAL_APPROVAL_CLOSED, closed);
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
}

/** People can see it; then its execution learns that it is paused. An execution that is gone will cancel this one. */
async function open(start: ApprovalStart): Promise<void> {
  await activities.openApproval(start);
  try {
    await getExternalWorkflowHandle(start.notify).signal(SIGNAL_APPROVAL_OPENED, start.approval_id);
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
}

async function outcomeOf(
  start: ApprovalStart,
  { escalated, lookMs, timers: carried }: ApprovalCarry,
  nextLook: (ms: number) => Promise<boolean>,
  bySignal: () => boolean,
): Promise<ApprovalOutcome> {
  const { tenant_id, approval_id, times } = start;
  const ref = { tenant_id, approval_id };
  const after = hoursAfter(start);
  const timers = carried ?? (await firstTimers(start, after));
  let isEscalated = escalated;
  if (isEscalated) timers.escalateAt = null;
  for (;;) {
    const next = nextDue(timers, Date.now());
    const leftMs = next ? next.at - Date.now() : Infinity;
    if (next && leftMs <= 0) {
      switch (next.due) {
        case 'expire':
          return activities.expireApproval(ref);
        case 'escalate':
          await activities.escalateApproval(times ? { ...ref, times } : ref);
          timers.escalateAt = null;
          isEscalated = true;
          break;
        case 'remind':
          await activities.remindApproval({ ...ref, reminder: timers.reminders + 1 });
          Object.assign(timers, await nextReminder(timers, { times, now: Date.now(), after }));
          break;
      }
      continue;
    }
    const signalled = await nextLook(Math.min(lookMs, leftMs));
    const outcome = await activities.takeDecision(ref);
    if (outcome) return outcome;
    if (!signalled) lookMs = Math.min(lookMs * 2, RAREST_LOOK_MS);
    if (workflowInfo().historyLength > EVENTS_PER_RUN)
      return continueAsNew<typeof approvalWorkflow>(start, {
        escalated: isEscalated,
        lookMs,
        timers,
        bySignal: bySignal(),
      });
  }
}

/** Hours that count are reckoned by an activity: its answer is recorded, and a sandbox knows no time zones. */
const hoursAfter =
  ({ tenant_id }: ApprovalStart): HoursAfter =>
  async (at, hours, { business_hours }) => {
    if (business_hours === undefined) return anyHoursAfter(at, hours);
    const from = new Date(at).toISOString();
    return Date.parse((await activities.deadlineOf({ tenant_id, from, hours, business_hours })).at);
  };
