import { proxyActivities, sleep, isCancellation } from '@temporalio/workflow';
import { HEARTBEAT_TIMEOUT, type ExecutionActivities } from '../../common/index.js';

/** Bookkeeping of the execution in the database: tried until it is done, however long that is away. */
export const recorder = (): Omit<ExecutionActivities, 'runTool'> =>
  proxyActivities<Omit<ExecutionActivities, 'runTool'>>({
    startToCloseTimeout: '30s',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
  });

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
