import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { addressesOf } from '../services/services.js';
import { timeSkippingServer } from '../services/time-skipping-server.js';
import { writeJson } from '../state/json-file.js';
import { placesOf } from '../state/places.js';
import { stopRunning } from '../system/running.js';
import { System } from '../system/system.js';
import { testHome } from '../system/test-home.js';
import { Children } from '../test-run/children.js';
import { runChecks } from '../test-run/run-checks.js';
import { runJest } from '../test-run/run-jest.js';
import { type Tally, add, summary } from '../test-run/tally.js';
import { print } from './terminal.js';
import { untilAskedToEnd } from './until-asked-to-end.js';

const HOME = testHome();
const FAILED: Tally = { passed: 0, failed: 1 };

/** Ends whatever an earlier run, or a suite of this one, has left running in a folder below. */
async function endLeftSystems(): Promise<void> {
  if (!existsSync(HOME)) return;
  const homes = [HOME, ...readdirSync(HOME).map((name) => join(HOME, name))];
  for (const home of homes.filter((each) => existsSync(placesOf(each).state)))
    await stopRunning(placesOf(home), () => undefined);
}

/** Services of its own, then checks and suites. */
async function testAll(system: System, children: Children, paths: string[]): Promise<Tally> {
  const { repository } = system.around.places;
  const checks = paths.length ? undefined : runChecks(repository, children);
  await system.bootServices();
  const stack = join(HOME, 'stack.json');
  const temporal_test_server = await timeSkippingServer(system.around.places, print).catch((error: unknown) => {
    // The suites that need it fail, and say so; the others run.
    print('temporal-test-server', String(error));
    return undefined;
  });
  writeJson(stack, { ...addressesOf(system.around), temporal_test_server }, 0o600);
  const checked = await checks;
  print('test', 'running the suites');
  const env = { ...process.env, AGF_TEST_STACK: stack };
  const suites = await runJest({ repository, home: HOME, env, paths }, children);
  return checked ? add(checked, suites) : suites;
}

/** `npm test`: its last line counts; the exit code is 1 when anything failed, a crash included. */
export async function test(paths: string[]): Promise<number> {
  const children = new Children();
  const interrupted = untilAskedToEnd().then(() => {
    children.end();
    print('test', 'interrupted');
    return FAILED;
  });
  await endLeftSystems();
  rmSync(HOME, { recursive: true, force: true });
  mkdirSync(HOME, { recursive: true });
  const system = new System({ dataDir: HOME, report: print });
  let tally: Tally;
  try {
    tally = await Promise.race([testAll(system, children, paths), interrupted]);
  } catch (error) {
    print('test', error instanceof Error ? error.message : String(error));
    tally = FAILED;
  }
  await system.stop().catch((error: unknown) => {
    print('test', String(error));
  });
  await endLeftSystems();
  console.log(summary(tally));
  return tally.failed === 0 ? 0 : 1;
}
