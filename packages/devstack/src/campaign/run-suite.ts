import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { print } from '../cli/terminal.js';
import { readJson } from '../state/json-file.js';
import { REPOSITORY } from '../state/places.js';
import { type Children } from '../test-run/children.js';
import { runJest } from '../test-run/run-jest.js';

/** What every suite of a campaign tells, see packages/testing/src/campaign.ts. */
export interface Figures {
  seed: number;
  duration_ms: number;
  counts: Record<string, number>;
  failures: string[];
}

export interface SuiteRun {
  /** of the file of its figures */
  name: string;
  /** its path in the repository */
  suite: string;
  /** of cases; the variable that tells it */
  size: number;
  variable: string;
  /** what the cases are called */
  cases: string;
  /** absent: any */
  seed: number | undefined;
  /** nothing more is begun after them */
  minutes?: number | undefined;
  /** where figures go */
  home: string;
  env: NodeJS.ProcessEnv;
}

/** A suite in its long form. @returns what it told, if anything, and how many tests failed */
export async function runSuite<F extends Figures>(
  { name, suite, size, variable, cases, seed, minutes, home, env }: SuiteRun,
  children: Children,
): Promise<{ figures: F | undefined; failed: number }> {
  const file = join(home, `${name}.json`);
  rmSync(file, { force: true });
  print('campaign', `${name}: ${String(size)} ${cases}`);
  const told = {
    AGF_CAMPAIGN: home,
    [variable]: String(size),
    ...(seed === undefined ? {} : { AGF_SEED: String(seed) }),
    ...(minutes === undefined ? {} : { AGF_MINUTES: String(minutes) }),
  };
  const { failed } = await runJest(
    { repository: REPOSITORY, home, env: { ...env, ...told }, paths: [suite] },
    children,
  );
  return { figures: readJson(file) as F | undefined, failed };
}
