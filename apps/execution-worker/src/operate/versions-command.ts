import { parseArgs } from 'node:util';
import { deployedVersions, makeCurrent, moveToVersion, workerDeployments } from '@aumos/agf-engine/client';
import { type HistoryFile, replayHistories } from '@aumos/agf-engine/replay';
import { APPROVAL_BUNDLE_PATH, bundleId, GRAPH_BUNDLE_PATH } from '@aumos/agf-engine/worker';
import type { Installation } from './installation.js';
import { type Io, UsageError } from './usage.js';
import { historiesOf } from './which-histories.js';

type WorkerName = keyof ReturnType<typeof workerDeployments>;

const BUNDLES: Record<WorkerName, string> = { executions: GRAPH_BUNDLE_PATH, approvals: APPROVAL_BUNDLE_PATH };

/** @returns whether it was done */
export async function versionsCommand(args: string[], installation: Installation, io: Io): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  });
  const { workerDeployment } = installation.settings;
  if (workerDeployment === undefined)
    throw new UsageError('AUMOS_AGF_WORKER_DEPLOYMENT is not set: no worker has a version');
  const deployments = workerDeployments(workerDeployment);
  const [action, name = '', build, ...rest] = positionals;
  if (rest.length > 0) throw new UsageError('too many words');
  if (action === undefined) return list(Object.values(deployments), installation, io, values.json);
  if (action === 'move') return move(name, workerDeployment, installation, io);
  if (action !== 'current' || !isWorker(name)) throw new UsageError('say `current executions|approvals` or `move`');
  await makeCurrent(await installation.client(), { deployment: deployments[name], buildId: build ?? null });
  io.print(`${name} begin on ${build ?? 'workers without a version'}`);
  return true;
}

const isWorker = (name: string): name is WorkerName => Object.hasOwn(BUNDLES, name);

async function list(deployments: string[], installation: Installation, io: Io, json: boolean): Promise<boolean> {
  const versions = await deployedVersions(await installation.client(), deployments);
  const own = new Set(Object.values(BUNDLES).map(bundleId));
  for (const version of versions) {
    const { deployment, build_id, status, created_at } = version;
    const mark = own.has(build_id) ? '  (this code)' : '';
    const line = [deployment.padEnd(24), build_id.padEnd(24), status.padEnd(9), created_at ?? ''].join('  ') + mark;
    io.print(json ? JSON.stringify(version) : line);
  }
  if (versions.length === 0 && !json) io.print('no worker with a version has been seen');
  return true;
}

/** Only what replays on this code is moved: another one would stand still over there. */
async function move(workflowId: string, name: string, installation: Installation, io: Io): Promise<boolean> {
  if (!workflowId.includes('/')) throw new UsageError('name an execution as TENANT/ID');
  const runs: HistoryFile[] = [];
  for await (const run of historiesOf(installation, { workflowIds: [workflowId] })) runs.push(run);
  for await (const { error } of replayHistories(runs.slice(-1)))
    if (error !== null) {
      io.complain(`${workflowId} does not replay on this code, and stays: ${error}`);
      return false;
    }
  const worker: WorkerName = workflowId.includes('/approval/') ? 'approvals' : 'executions';
  const buildId = installation.settings.workerBuildId ?? bundleId(BUNDLES[worker]);
  const deployment = workerDeployments(name)[worker];
  const moved = await moveToVersion(await installation.client(), workflowId, { deployment, buildId });
  io.print(moved ? `${workflowId} goes on on ${deployment} ${buildId}` : `${workflowId} has ended`);
  return moved;
}
