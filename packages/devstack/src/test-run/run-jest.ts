import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from '../state/json-file.js';
import { type Children } from './children.js';
import { type JestResult, type Tally, tallyOfJest } from './tally.js';

const NODE = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
/** Suites that kill processes of a whole system: one after the other, with the machine for themselves. */
const WHOLE_SYSTEM = 'tests/(breakers|e2e|faults)/';

export interface JestRun {
  repository: string;
  /** where its results go */
  home: string;
  env: NodeJS.ProcessEnv;
  /** paths of tests to run; none: all */
  paths: string[];
}

async function jest(
  name: string,
  args: string[],
  { repository, home, env }: JestRun,
  children: Children,
): Promise<Tally> {
  const outputFile = join(home, `${name}.json`);
  rmSync(outputFile, { force: true });
  const program = [...NODE, join(repository, 'node_modules/jest/bin/jest.js'), '--json', `--outputFile=${outputFile}`];
  // Captured, for --json prints the whole result too; what is for people goes to stderr.
  await children.run(process.execPath, [...program, '--passWithNoTests', ...args], {
    cwd: repository,
    env,
    capture: true,
  });
  return tallyOfJest(readJson(outputFile) as JestResult | undefined);
}

/** Every suite, two files at once; then those of the whole system. */
export async function runJest(run: JestRun, children: Children): Promise<Tally> {
  const ignored = ['/node_modules/', WHOLE_SYSTEM].map((pattern) => `--testPathIgnorePatterns=${pattern}`);
  const inWhole = run.paths.filter((path) => path.startsWith('tests'));
  // Paths first: jest takes what follows a list's flag for more of the list.
  const parts = await jest('parts', [...run.paths, '--maxWorkers=2', ...ignored], run, children);
  if (run.paths.length && !inWhole.length) return parts;
  const whole = await jest('whole', [...(inWhole.length ? inWhole : [WHOLE_SYSTEM]), '--runInBand'], run, children);
  return { passed: parts.passed + whole.passed, failed: parts.failed + whole.failed };
}
