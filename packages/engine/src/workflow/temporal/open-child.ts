import { ActivityCancellationType, CancellationScope, proxyActivities } from '@temporalio/workflow';
import type { ChildCall, ChildOpening, ExecutionActivities } from '../../common/index.js';
import { HEARTBEAT_TIMEOUT, RECORDING_RETRY } from '../../common/index.js';

type Opens = Pick<ExecutionActivities, 'openChild'>;

/**
 * Tried until it is done, and never cancelled: a row that is there has its workflow, or its visit knows that there is none.
 * Not local: definitions are long, and a fan-out's would not fit into one workflow task.
 */
export const openChild = (call: ChildCall): Promise<ChildOpening> =>
  CancellationScope.nonCancellable(() =>
    proxyActivities<Opens>({
      startToCloseTimeout: '30s',
      heartbeatTimeout: HEARTBEAT_TIMEOUT,
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      retry: RECORDING_RETRY,
      summary: `${call.node}: ${call.workflow}`,
    }).openChild(call),
  );
