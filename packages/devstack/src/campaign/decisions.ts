import { type Children } from '../test-run/children.js';
import { writeReport } from './report.js';
import { type Figures, runSuite } from './run-suite.js';

const ROUNDS = 'apps/hitl-approval/test/rounds.int.test.ts';
const KILLS = 'tests/faults/test/decision-kills.test.ts';

export interface DecisionsRun {
  /** rounds of each kind, and executions of each point where a process is killed */
  each: number;
  /** where figures go */
  home: string;
  env: NodeJS.ProcessEnv;
}

/** Decisions at once, and processes killed between a decision and its effect; the report. @returns whether all held */
export async function runDecisions({ each, home, env }: DecisionsRun, children: Children): Promise<boolean> {
  const common = { size: each, seed: undefined, home, env };
  const rounds = await runSuite<Figures>(
    { ...common, name: 'decision-rounds', suite: ROUNDS, variable: 'AGF_DECISION_ROUNDS', cases: 'rounds each' },
    children,
  );
  const kills = await runSuite<Figures>(
    { ...common, name: 'decision-kills', suite: KILLS, variable: 'AGF_DECISION_KILLS', cases: 'executions a point' },
    children,
  );
  if (!rounds.figures || !kills.figures) return false;
  const failed = rounds.failed + kills.failed;
  const failures = [...rounds.figures.failures, ...kills.figures.failures];
  writeReport('decisions', {
    title: 'Decisions at once, and processes killed between a decision and its effect',
    command: `npm run campaign -- decisions ${String(each)}`,
    duration_ms: rounds.figures.duration_ms + kills.figures.duration_ms,
    says:
      failed === 0 && failures.length === 0
        ? 'Fifty people decided at once, and a decision met the expiry, or the cancel: each time one outcome, of which the row, the votes, the answers, the event and the audit tell alike. Services were killed in the midst of each transaction from the decision to the journal: every approved load was made once, under its one approval.'
        : 'It failed.',
    facts: [['rounds of each kind, executions of each point', String(each)]],
    counted: 'What happened in them',
    counts: { ...rounds.figures.counts, ...kills.figures.counts },
    failures,
  });
  return failed === 0 && failures.length === 0;
}
