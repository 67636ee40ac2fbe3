import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { print } from '../cli/terminal.js';
import { readJson } from '../state/json-file.js';
import { REPOSITORY } from '../state/places.js';
import { type Children } from '../test-run/children.js';
import { runJest } from '../test-run/run-jest.js';
import { writeReport } from './report.js';

/** What the suite of generated graphs tells, see packages/engine/test/support/campaign.ts. */
interface Figures {
  graphs: number;
  seed: number;
  duration_ms: number;
  counts: Record<string, number>;
  failures: string[];
}

interface Part {
  suite: string;
  /** names the number of graphs to the suite */
  variable: string;
  title: string;
  /** what a success says */
  says: string;
}

const PARTS = {
  simulation: {
    suite: 'simulate/simulate-graphs.test.ts',
    variable: 'AGF_SIMULATIONS',
    title: 'Generated graphs in simulation',
    says: 'The engine in virtual time came to what the plain interpreter tells.',
  },
  temporal: {
    suite: 'temporal-graphs.int.test.ts',
    variable: 'AGF_TEMPORAL_GRAPHS',
    title: 'Generated graphs in Temporal',
    says: 'The engine in Temporal came to what the plain interpreter tells; every history was replayed on the same code.',
  },
  kills: {
    suite: 'killed-graphs.int.test.ts',
    variable: 'AGF_KILLED_GRAPHS',
    title: 'Generated graphs whose worker is killed',
    says: 'Each lost the worker process that served it, by SIGKILL at a random moment, and came all the same to what the plain interpreter tells; every history was replayed on the same code.',
  },
} satisfies Record<string, Part>;

export type PartName = keyof typeof PARTS;
export const PART_NAMES = Object.keys(PARTS) as PartName[];

export interface GraphsRun {
  /** graphs of each part; 0 leaves it out */
  sizes: Record<PartName, number>;
  seed: number | undefined;
  /** of each part: nothing more is begun after them */
  minutes: number | undefined;
  /** where figures go */
  home: string;
  env: NodeJS.ProcessEnv;
}

/** Each part's suite with so many graphs, and its report. @returns whether all came to what was expected */
export async function runGraphs({ sizes, seed, minutes, home, env }: GraphsRun, children: Children): Promise<boolean> {
  let well = true;
  for (const name of PART_NAMES.filter((part) => sizes[part] > 0)) {
    const part: Part = PARTS[name];
    const file = join(home, `${name}.json`);
    rmSync(file, { force: true });
    print('campaign', `${name}: ${String(sizes[name])} graphs`);
    const more = {
      AGF_CAMPAIGN: home,
      [part.variable]: String(sizes[name]),
      ...(seed === undefined ? {} : { AGF_SEED: String(seed) }),
      ...(minutes === undefined ? {} : { AGF_MINUTES: String(minutes) }),
    };
    const paths = [`packages/engine/test/${part.suite}`];
    const { failed } = await runJest({ repository: REPOSITORY, home, env: { ...env, ...more }, paths }, children);
    const figures = readJson(file) as Figures | undefined;
    if (figures) writeReport(`graphs.${name}`, reportOf(part, name, figures, { failed, asked: sizes[name] }));
    if (failed > 0 || !figures) well = false;
  }
  return well;
}

const reportOf = (
  { title, says }: Part,
  name: PartName,
  figures: Figures,
  { failed, asked }: { failed: number; asked: number },
) => ({
  title,
  command: `npm run campaign -- graphs ${PART_NAMES.map((each) => `--${each} ${each === name ? String(asked) : '0'}`).join(' ')} --seed ${String(figures.seed)}`,
  duration_ms: figures.duration_ms,
  facts: [
    ['asked for', String(asked)],
    ['graphs', String(figures.graphs)],
    ['seed', String(figures.seed)],
    ['graphs that came to something else', String(figures.failures.length)],
  ] as [string, string][],
  says: failed === 0 ? says : 'It failed.',
  counted:
    'What the graphs are made of, and what happened in them and in their children, as the interpreter counted it',
  counts: figures.counts,
  failures: figures.failures,
});
