import { isCancellation, proxyActivities, proxyLocalActivities, sleep } from '@temporalio/workflow';
import { HEARTBEAT_TIMEOUT, RECORDING_RETRY, type ExecutionActivities } from '../../common/index.js';
import { locally } from './locally.js';

type Marks = Pick<
  ExecutionActivities,
  'recordStarted' | 'recordPaused' | 'recordResumed' | 'recordWaiting' | 'recordOutcome'
>;
type Visits = Pick<ExecutionActivities, 'recordVisits'>;

/**
 * Bookkeeping of the execution in the database: tried until it is done, however long that is away. Local activities: they
 * cost no task of the server's. Where a try has to wait long, the workflow task ends and a timer waits.
 */
export function recorder(): Marks {
  const marks = proxyLocalActivities<Marks>({
    startToCloseTimeout: '30s',
    retry: RECORDING_RETRY,
    localRetryThreshold: '2s',
  });
  return {
    recordStarted: (ref) => locally(() => marks.recordStarted(ref)),
    recordPaused: (pause) => locally(() => marks.recordPaused(pause)),
    recordResumed: (resumed) => locally(() => marks.recordResumed(resumed)),
    recordWaiting: (mark) => locally(() => marks.recordWaiting(mark)),
    recordOutcome: (outcome) => locally(() => marks.recordOutcome(outcome)),
  };
}

/** Not local: the workflow task is to end meanwhile. */
export const visitsRecorder = (): Visits =>
  proxyActivities<Visits>({ startToCloseTimeout: '30s', heartbeatTimeout: HEARTBEAT_TIMEOUT, retry: RECORDING_RETRY });

const GIVE_UP_NEVER_MS = 60_000;

/** Also a failure that calls itself final is tried again: an execution never ends without its outcome. */
export async function untilDone(record: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await record();
      return;
    } catch (error) {
      if (isCancellation(error)) throw error;
      await sleep(GIVE_UP_NEVER_MS);
    }
  }
}
