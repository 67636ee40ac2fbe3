import { type Children } from '../test-run/children.js';
import { writeReport } from './report.js';
import { type Figures, runSuite } from './run-suite.js';

const SUITE = 'packages/resilience/test/rules/lua-follows-the-rules.int.test.ts';

type RuleFigures = Figures & { sequences: number; commands: number };

export interface BreakerRulesRun {
  sequences: number;
  /** absent: any */
  seed: number | undefined;
  /** after them no more are begun */
  minutes: number | undefined;
  /** where figures go */
  home: string;
  env: NodeJS.ProcessEnv;
}

/** Generated command sequences against the rules and the Lua, and the report. @returns whether both decided alike */
export async function runBreakerRules(
  { sequences, seed, minutes, home, env }: BreakerRulesRun,
  children: Children,
): Promise<boolean> {
  const run = { name: 'breaker-rules', suite: SUITE, size: sequences, variable: 'AGF_BREAKER_SEQUENCES' };
  const { figures, failed } = await runSuite<RuleFigures>(
    { ...run, cases: 'sequences', seed, minutes, home, env },
    children,
  );
  if (figures) writeReport('breaker-rules', reportOf(figures, { failed, asked: sequences }));
  return failed === 0 && figures !== undefined;
}

const reportOf = (
  { sequences, commands, seed, duration_ms, counts, failures }: RuleFigures,
  { failed, asked }: { failed: number; asked: number },
) => ({
  title: 'Generated command sequences against the rules of breakers',
  command: `npm run campaign -- breaker-rules ${String(asked)} --seed ${String(seed)}`,
  duration_ms,
  says:
    failed === 0
      ? 'The rules of the domain and the Lua on Redis answered every command alike, kept the same records and told the same transitions; and those kept the laws that must hold whatever the rules are.'
      : 'It failed.',
  facts: [
    ['asked for', String(asked)],
    ['sequences', String(sequences)],
    ['commands', String(commands)],
    ['seed', String(seed)],
  ] as [string, string][],
  counted: 'What happened in them',
  counts,
  failures,
});
