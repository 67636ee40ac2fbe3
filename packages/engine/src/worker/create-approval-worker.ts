import { Worker } from '@temporalio/worker';
import { TASK_QUEUES } from '@aumos/agf-domain';
import type { ApprovalActivities } from '../common/index.js';
import { activityContext } from './activity-context.js';
import { APPROVAL_BUNDLE_PATH } from './bundles.js';
import { workerOptions, type WorkerTuning } from './worker-tuning.js';

export interface ApprovalWorkerOptions extends WorkerTuning {
  activities: ApprovalActivities;
}

/** The worker of `agf-approvals`: approval workflow and its activities. */
export const createApprovalWorker = (options: ApprovalWorkerOptions): Promise<Worker> =>
  Worker.create({
    ...workerOptions(options, { codePath: APPROVAL_BUNDLE_PATH, cached: 500 }),
    taskQueue: options.taskQueue ?? TASK_QUEUES.approvals,
    activities: options.activities,
    interceptors: { activity: [activityContext] },
  });
