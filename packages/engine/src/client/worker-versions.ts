import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, isGrpcServiceError } from '@temporalio/client';
import { isGone, withinDeadline } from './deadline.js';

/** One build of a worker, as Temporal knows it. */
export interface DeployedVersion {
  deployment: string;
  build_id: string;
  /**
   * `inactive`: no execution begins on it and none ever did; `draining`: some that began on it have not ended; `drained`:
   * all have
   */
  status: 'current' | 'ramping' | 'inactive' | 'draining' | 'drained' | 'unknown';
  created_at: string | null;
}

/** Temporal's WorkerDeploymentVersionStatus, by its number. */
const STATUSES: readonly DeployedVersion['status'][] = [
  'unknown',
  'inactive',
  'current',
  'ramping',
  'draining',
  'drained',
];

/** Every build that is known of these deployments, the newest first. One that never had a worker has none. */
export async function deployedVersions(client: Client, deployments: readonly string[]): Promise<DeployedVersion[]> {
  const found = await Promise.all(deployments.map((deployment) => versionsOf(client, deployment)));
  return found.flat();
}

async function versionsOf(client: Client, deployment: string): Promise<DeployedVersion[]> {
  const { namespace } = client.options;
  try {
    const { workerDeploymentInfo } = await withinDeadline(client, () =>
      client.workflowService.describeWorkerDeployment({ namespace, deploymentName: deployment }),
    );
    return (workerDeploymentInfo?.versionSummaries ?? [])
      .map((each) => ({
        deployment,
        build_id: each.deploymentVersion?.buildId ?? '',
        status: STATUSES[each.status ?? 0] ?? 'unknown',
        created_at: each.createTime ? new Date(Number(each.createTime.seconds) * 1000).toISOString() : null,
      }))
      .sort((a, b) => (b.created_at ?? '').localeCompare(a.created_at ?? ''));
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/**
 * From now on executions begin on this build; those that began on another one stay there. Again: nothing. The build's
 * worker must have been seen by Temporal, which takes it a moment.
 * @param buildId null: they begin on workers without a version
 * @throws gRPC errors, NOT_FOUND and FAILED_PRECONDITION for a build whose worker Temporal has not seen
 */
export async function makeCurrent(
  client: Client,
  { deployment, buildId }: { deployment: string; buildId: string | null },
): Promise<void> {
  await withinDeadline(client, () =>
    client.workflowService.setWorkerDeploymentCurrentVersion({
      namespace: client.options.namespace,
      deploymentName: deployment,
      buildId: buildId ?? '',
      identity: client.options.identity ?? '',
    }),
  );
}

/**
 * gRPC: DEADLINE_EXCEEDED, NOT_FOUND, RESOURCE_EXHAUSTED, FAILED_PRECONDITION (a queue of the deployment has no worker of
 * the build yet), ABORTED (another one at the same time), UNAVAILABLE.
 */
const NOT_YET = new Set([4, 5, 8, 9, 10, 14]);
const LOOK_AGAIN_MS = 200;

/** {@link makeCurrent} as soon as Temporal has seen the build's worker. @throws what else is in the way; AbortError */
export async function becomeCurrent(
  client: Client,
  version: { deployment: string; buildId: string },
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      await makeCurrent(client, version);
      return;
    } catch (error) {
      if (!isGrpcServiceError(error) || !NOT_YET.has(error.code)) throw error;
    }
    await sleep(LOOK_AGAIN_MS, undefined, { signal });
  }
}

/**
 * Gives an execution to another build, whatever it began on: its next workflow task replays it there. Only for a history
 * that replays on that build's code. It stays there, and so do the runs and children that follow.
 * @returns false when there is no such workflow, or it has ended
 */
export async function moveToVersion(
  client: Client,
  workflowId: string,
  { deployment: deploymentName, buildId }: { deployment: string; buildId: string },
): Promise<boolean> {
  try {
    await withinDeadline(client, () =>
      client.workflowService.updateWorkflowExecutionOptions({
        namespace: client.options.namespace,
        workflowExecution: { workflowId },
        workflowExecutionOptions: {
          versioningOverride: { pinned: { behavior: PINNED, version: { deploymentName, buildId } } },
        },
        updateMask: { paths: ['versioning_override'] },
      }),
    );
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

/** Temporal's PinnedOverrideBehavior: to this very version. */
const PINNED = 1;
