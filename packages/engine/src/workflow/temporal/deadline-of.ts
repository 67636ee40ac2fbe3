import { proxyLocalActivities } from '@temporalio/workflow';
import { RECORDING_RETRY, type Deadline, type DeadlineAsked, type ExecutionActivities } from '../../common/index.js';
import { locally } from './locally.js';

/** What it answers is recorded: the same hours reckoned again, by newer rules of a time zone, might end elsewhere. */
export function deadlineOf(asked: DeadlineAsked): Promise<Deadline> {
  const local = proxyLocalActivities<Pick<ExecutionActivities, 'deadlineOf'>>({
    startToCloseTimeout: '30s',
    retry: RECORDING_RETRY,
    localRetryThreshold: '2s',
  });
  return locally(() => local.deadlineOf(asked));
}
