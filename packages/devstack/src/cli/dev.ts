import { watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { REPOSITORY } from '../state/places.js';
import { APP_NAMES, type AppName } from '../system/app-settings.js';
import { System } from '../system/system.js';
import { Children } from '../test-run/children.js';
import { print } from './terminal.js';
import { untilAskedToEnd } from './until-asked-to-end.js';

/** A build writes many files: it is over when this long nothing more came. */
const QUIET_MS = 700;

/** Which apps a changed file of a build belongs to; a package's belongs to all. */
function appsOf(folder: string, file: string): readonly AppName[] {
  if (!/[\\/]dist[\\/].*\.js$/.test(file)) return [];
  if (folder === 'packages') return APP_NAMES;
  return APP_NAMES.filter((name) => file.startsWith(name));
}

/** Restarts the apps whose builds have changed, one burst at a time. */
async function restartChanged(system: System, isOver: () => boolean): Promise<void> {
  const changed = new Set<AppName>();
  let last = 0;
  const watchers = ['apps', 'packages'].map((folder) =>
    watch(join(REPOSITORY, folder), { recursive: true }, (_event, file) => {
      for (const app of appsOf(folder, file ?? '')) changed.add(app);
      last = Date.now();
    }),
  );
  while (!isOver()) {
    await sleep(100);
    if (!changed.size || Date.now() - last < QUIET_MS) continue;
    const apps = [...changed];
    changed.clear();
    print('dev', `restarting ${apps.join(', ')}`);
    await Promise.all(apps.map((app) => system.restart(app))).catch((error: unknown) => {
      print('dev', error instanceof Error ? error.message : String(error));
    });
  }
  for (const watcher of watchers) watcher.close();
}

/** `npm run dev`: everything runs, what changes is built and started again. */
export async function dev(): Promise<number> {
  const system = new System({ report: print });
  const children = new Children();
  let over = false;
  const end = untilAskedToEnd().then(() => {
    over = true;
  });
  try {
    await Promise.race([system.boot(), end]);
    process.send?.('ready');
    void children.run('pnpm', ['exec', 'turbo', 'watch', 'build', '--ui=stream', '--output-logs=errors-only'], {
      cwd: REPOSITORY,
    });
    if (!over) print('ready', `the API is at ${system.local().gateway}; Ctrl-C ends everything`);
    await restartChanged(system, () => over);
  } finally {
    children.end();
    await system.stop();
  }
  return 0;
}
