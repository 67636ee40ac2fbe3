import { Worker } from '@temporalio/worker';
import { TASK_QUEUES } from '@aumos/agf-domain';
import type { ExecutionActivities } from '../common/index.js';
import { activityContext } from './activity-context.js';
import { GRAPH_BUNDLE_PATH, GRAPH_BUNDLE_WITH_STACKS_PATH } from './bundles.js';
import { workerOptions, type WorkerTuning } from './worker-tuning.js';

export interface ExecutionWorkerOptions extends WorkerTuning {
  activities: ExecutionActivities;
  /** stack traces of workflow code: for finding a bug, at several times the price of a replay */
  stackTraces?: boolean;
}

/** The worker of `agf-executions`: graph workflow and engine activities. Run it with `run()`, end it with `shutdown()`. */
export const createExecutionWorker = (options: ExecutionWorkerOptions): Promise<Worker> =>
  Worker.create({
    ...workerOptions(options, {
      codePath: options.stackTraces ? GRAPH_BUNDLE_WITH_STACKS_PATH : GRAPH_BUNDLE_PATH,
      cached: 200,
    }),
    taskQueue: options.taskQueue ?? TASK_QUEUES.executions,
    activities: options.activities,
    interceptors: { activity: [activityContext] },
  });
