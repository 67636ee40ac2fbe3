import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { addressesOf } from '../services/services.js';
import { writeJson } from '../state/json-file.js';
import { REPOSITORY } from '../state/places.js';
import { System } from '../system/system.js';
import { Children } from '../test-run/children.js';
import { print } from './terminal.js';
import { untilAskedToEnd } from './until-asked-to-end.js';

const HANDLERS = join(REPOSITORY, 'bench/dist/local/handlers.js');

/** What the measured function nodes call, in the execution worker's own process. */
export const BENCH_HANDLERS = { AUMOS_AGF_HANDLER_MODULES: pathToFileURL(HANDLERS).href };

/** What tells a program where everything of the system is. */
export function addressesAt(home: string, { around }: System): Record<string, string> {
  const stack = join(home, 'stack.json');
  writeJson(stack, addressesOf(around), 0o600);
  return { AGF_TEST_STACK: stack, AGF_LOCAL: around.places.local };
}

/** `npm run bench`: a whole system of its own, so that nothing else is measured; AGF_LOCAL names its addresses. */
export async function bench(args: string[]): Promise<number> {
  const home = join(REPOSITORY, '.agf/bench');
  const system = new System({ dataDir: home, report: print, env: BENCH_HANDLERS });
  const children = new Children();
  const interrupted = untilAskedToEnd().then(() => {
    children.end();
    return 130;
  });
  const measure = async (): Promise<number> => {
    await system.boot();
    const env = { ...process.env, ...addressesAt(home, system) };
    const main = join(REPOSITORY, 'bench/dist/main.js');
    return (await children.run(process.execPath, [main, ...args], { cwd: process.env['INIT_CWD'], env })).code;
  };
  try {
    return await Promise.race([measure(), interrupted]);
  } finally {
    await system.stop();
  }
}
