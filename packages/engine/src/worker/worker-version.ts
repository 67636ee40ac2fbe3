import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Worker, WorkerOptions } from '@temporalio/worker';

/** What Temporal tells workers of one queue apart by: an execution stays with the version that it began on. */
export interface WorkerVersion {
  /** all versions of one worker */
  deployment: string;
  /** default: {@link bundleId} of its workflow code */
  buildId?: string;
}

const HEX_DIGITS = 16;

/** The same code gives the same id wherever it is built; any change of workflow code another one. */
export const bundleId = (bundlePath: string): string =>
  createHash('sha256').update(readFileSync(bundlePath)).digest('hex').slice(0, HEX_DIGITS);

/** Without a version the worker is one of the unversioned ones, which take up what any of them began. */
export function versioning(
  version: WorkerVersion | undefined,
  bundlePath: string,
): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (!version) return {};
  const { deployment: deploymentName, buildId = bundleId(bundlePath) } = version;
  return {
    workerDeploymentOptions: {
      version: { deploymentName, buildId },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
  };
}

/** What a worker is known by; null: it has no version. */
export function versionOf(worker: Worker): Required<WorkerVersion> | null {
  const version = worker.options.workerDeploymentOptions?.version;
  return version ? { deployment: version.deploymentName, buildId: version.buildId } : null;
}
