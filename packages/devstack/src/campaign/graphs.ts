import { type Children } from '../test-run/children.js';
import { writeReport } from './report.js';
import { type Figures, runSuite } from './run-suite.js';

/** What the suites of generated graphs tell. */
type GraphFigures = Figures & { graphs: number };

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
    const { variable, suite } = part;
    const run = { name, suite: `packages/engine/test/${suite}`, size: sizes[name], variable, cases: 'graphs' };
    const { figures, failed } = await runSuite<GraphFigures>({ ...run, seed, minutes, home, env }, children);
    if (figures) writeReport(`graphs.${name}`, reportOf(part, name, figures, { failed, asked: sizes[name] }));
    if (failed > 0 || !figures) well = false;
  }
  return well;
}

const reportOf = (
  { title, says }: Part,
  name: PartName,
  figures: GraphFigures,
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
