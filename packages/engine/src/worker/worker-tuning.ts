import type { NativeConnection, WorkerOptions } from '@temporalio/worker';
import { withLargePayloads, type LargePayloads } from './large-payloads.js';
import { versioning, type WorkerVersion } from './worker-version.js';

/** What an app's settings may say of its worker. */
export interface WorkerTuning {
  connection: NativeConnection;
  namespace: string;
  taskQueue?: string;
  /** workflows kept in memory between their tasks; about 1.4 MB each for graphs: the rest is replayed */
  maxCachedWorkflows?: number;
  maxConcurrentActivities?: number;
  /** what runs may go on for so long after shutdown() */
  shutdownGraceMs?: number;
  identity?: string;
  /** where large values go; without it they stay in the history, as far as Temporal takes them */
  largePayloads?: LargePayloads;
  /** with it the worker's executions stay with its build; without it any unversioned worker takes them up */
  version?: WorkerVersion;
}

const HEARTBEAT_THROTTLE_MS = 300;

/**
 * Takeover of a dead worker's executions within about two seconds: a short sticky timeout here, short workflow task
 * timeouts on every start, short heartbeats on every activity.
 */
export const workerOptions = (
  tuning: WorkerTuning,
  { codePath, cached }: { codePath: string; cached: number },
): Omit<WorkerOptions, 'taskQueue'> => {
  const shutdownGraceTime = tuning.shutdownGraceMs ?? 10_000;
  return {
    workflowBundle: { codePath },
    ...versioning(tuning.version, codePath),
    connection: tuning.connection,
    namespace: tuning.namespace,
    stickyQueueScheduleToStartTimeout: '1s',
    maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE_MS,
    maxCachedWorkflows: tuning.maxCachedWorkflows ?? cached,
    maxConcurrentActivityTaskExecutions: tuning.maxConcurrentActivities ?? 100,
    shutdownGraceTime,
    // An activity that ignores its cancellation must not keep the process: its attempt is given to another worker.
    shutdownForceTime: shutdownGraceTime + 10_000,
    ...(tuning.largePayloads ? { dataConverter: withLargePayloads(tuning.largePayloads) } : {}),
    ...(tuning.identity === undefined ? {} : { identity: tuning.identity }),
  };
};
