import type { Client } from '@temporalio/client';
import type { Worker } from '@temporalio/worker';
import { becomeCurrent } from '../client/worker-versions.js';
import { workerDeployments } from '../client/worker-deployments.js';
import { versionOf, type WorkerVersion } from './worker-version.js';

/** What an app's settings say of the version of its worker. */
interface VersionSettings {
  /** absent: it has none */
  workerDeployment?: string | undefined;
  workerBuildId?: string | undefined;
  workerBecomesCurrent: boolean;
}

type Which = keyof ReturnType<typeof workerDeployments>;

/** As an option of the worker. */
export function versionBy(
  { workerDeployment: name, workerBuildId: buildId }: VersionSettings,
  which: Which,
): { version?: WorkerVersion } {
  if (name === undefined) return {};
  const deployment = workerDeployments(name)[which];
  return { version: { deployment, ...(buildId === undefined ? {} : { buildId }) } };
}

interface Log {
  log(line: object): void;
  error(line: object): void;
}

/** What begins from now on begins on this worker's build, if its settings want that. Never throws: it is said. */
export async function becomeCurrentBy(
  settings: VersionSettings,
  {
    worker,
    client,
    which,
    signal,
    log,
  }: { worker: Worker; client: () => Client; which: Which; signal: AbortSignal; log: Log },
): Promise<void> {
  const version = versionOf(worker);
  if (!version || !settings.workerBecomesCurrent) return;
  try {
    await becomeCurrent(client(), version, signal);
    log.log({ msg: `${which} begin on this build`, ...version });
  } catch (err) {
    if (!signal.aborted) log.error({ err, msg: `${which} do not begin on this build`, ...version });
  }
}
