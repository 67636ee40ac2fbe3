import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import { HEARTBEAT_TIMEOUT, type ExecutionActivities, type RememberCall } from '../../common/index.js';
import { activityError } from './activity-error.js';

type Memory = Pick<ExecutionActivities, 'remember'>;

/** About half a minute: the answer is there, and lost where it cannot be kept. */
const ATTEMPTS = 8;

/** Keeping again what was kept changes nothing. */
export async function remember(call: RememberCall): Promise<void> {
  const { remember: keep } = proxyActivities<Memory>({
    startToCloseTimeout: '30s',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '8s', maximumAttempts: ATTEMPTS },
  });
  try {
    await keep(call);
  } catch (error) {
    throw activityError(error, { node: call.node, visit: call.visit }, { idempotent: true, maxAttempts: ATTEMPTS });
  }
}
