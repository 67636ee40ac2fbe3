import { parseArgs } from 'node:util';
import { mainJob } from '../main-job/main-job.js';
import { placesOf } from '../state/places.js';
import { type LocalFile, readLocal } from '../system/local-file.js';
import { runningSupervisor, stopRunning } from '../system/running.js';
import { System } from '../system/system.js';
import { startDaemon } from './daemon.js';
import { print } from './terminal.js';
import { untilAskedToEnd } from './until-asked-to-end.js';

const OPTIONS = { once: { type: 'boolean' }, detach: { type: 'boolean' }, yes: { type: 'boolean' } } as const;
interface Flags {
  once?: boolean;
  detach?: boolean;
  yes?: boolean;
}

/** Tells the launcher, which keeps a second start waiting until then. */
const tellReady = (): void => void process.send?.('ready');

function showWhere({ gateway, temporal_ui }: LocalFile): void {
  print('ready', `the API is at ${gateway}, its documentation at ${gateway}/docs`);
  if (temporal_ui) print('ready', `Temporal's UI is at ${temporal_ui}`);
  print('ready', 'addresses are in .agf/local.json, logs in .agf/logs; npm run stop ends it');
}

/** `npm start` where a system runs already: use that one. */
async function useRunning(flags: Flags): Promise<number> {
  const places = placesOf();
  const local = readLocal(places.local);
  if (!local) throw new Error('the system that runs here is not ready yet');
  print('start', 'it runs already');
  tellReady();
  if (flags.detach) {
    showWhere(local);
    return 0;
  }
  const code = await mainJob(local, flags);
  if (flags.once) await stopRunning(places, print);
  return code;
}

async function startDetached(): Promise<number> {
  const places = placesOf();
  await startDaemon(places);
  tellReady();
  const local = readLocal(places.local);
  if (local) showWhere(local);
  print('ready', 'npm start runs the main job on it');
  return 0;
}

async function startHere(flags: Flags): Promise<number> {
  const system = new System({ report: print });
  const end = untilAskedToEnd();
  const interrupted = end.then(() => 130);
  const job = async (): Promise<number> => {
    await system.boot();
    tellReady();
    const code = await mainJob(system.local(), flags);
    if (flags.once) return code;
    showWhere(system.local());
    print('ready', 'Ctrl-C ends everything');
    await end;
    return 0;
  };
  try {
    return await Promise.race([job(), interrupted]);
  } finally {
    print('stop', 'ending everything');
    await system.stop();
  }
}

/** `npm start` */
export async function start(args: string[]): Promise<number> {
  const flags: Flags = parseArgs({ args, options: OPTIONS }).values;
  if (runningSupervisor(placesOf())) return useRunning(flags);
  return flags.detach ? startDetached() : startHere(flags);
}
