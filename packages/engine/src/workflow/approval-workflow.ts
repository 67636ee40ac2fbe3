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
  SIGNAL_APPROVAL_OPENED,
  SIGNAL_DECIDED,
  type ApprovalActivities,
  type ApprovalOutcome,
  type ApprovalStart,
} from '../common/messages.js';
import { HEARTBEAT_TIMEOUT } from '../common/timing.js';

const decided = defineSignal(SIGNAL_DECIDED);

/** Tried until done: an approval is lost neither to a database that is away nor to an app that is. */
const activities = proxyActivities<ApprovalActivities>({
  startToCloseTimeout: '30s',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
});

/** A decision whose signal was lost is found by looking, at first soon, later rarely. */
const FIRST_LOOK_MS = 30_000;
const RAREST_LOOK_MS = 300_000;
const EVENTS_PER_RUN = 2_000;

/** What a run hands to the next one. */
interface ApprovalCarry {
  escalated: boolean;
  lookMs: number;
}

/**
 * One approval, from its opening to its outcome: people decide in the database, this workflow keeps its time.
 * Cancelled, it closes the approval first.
 */
export async function approvalWorkflow(start: ApprovalStart, carry?: ApprovalCarry): Promise<ApprovalOutcome> {
  const { tenant_id, approval_id } = start;
  let told = false;
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
    return await outcomeOf(start, carry ?? { escalated: false, lookMs: FIRST_LOOK_MS }, nextLook);
  } catch (error) {
    if (isCancellation(error))
      await CancellationScope.nonCancellable(() => activities.cancelApproval({ tenant_id, approval_id }));
    throw error;
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
  { escalated, lookMs }: ApprovalCarry,
  nextLook: (ms: number) => Promise<boolean>,
): Promise<ApprovalOutcome> {
  const { tenant_id, approval_id } = start;
  const ref = { tenant_id, approval_id };
  for (;;) {
    const leftMs = escalated ? Infinity : Date.parse(start.expires_at) - Date.now();
    if (leftMs <= 0) {
      if (start.auto_reject_on_timeout) return activities.expireApproval(ref);
      await activities.escalateApproval(ref);
      escalated = true;
      continue;
    }
    const signalled = await nextLook(Math.min(lookMs, leftMs));
    const outcome = await activities.takeDecision(ref);
    if (outcome) return outcome;
    if (!signalled) lookMs = Math.min(lookMs * 2, RAREST_LOOK_MS);
    if (workflowInfo().historyLength > EVENTS_PER_RUN)
      return continueAsNew<typeof approvalWorkflow>(start, { escalated, lookMs });
  }
}
