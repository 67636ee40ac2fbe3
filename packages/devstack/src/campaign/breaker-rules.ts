import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { print } from '../cli/terminal.js';
import { readJson } from '../state/json-file.js';
import { REPOSITORY } from '../state/places.js';
import { type Children } from '../test-run/children.js';
import { runJest } from '../test-run/run-jest.js';
import { writeReport } from './report.js';

const SUITE = 'packages/resilience/test/rules/lua-follows-the-rules.int.test.ts';

/** What the suite tells, see packages/resilience/test/rules/figures.ts. */
interface Figures {
  sequences: number;
  commands: number;
  seed: number;
  duration_ms: number;
  counts: Record<string, number>;
  failures: string[];
}

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
  const file = join(home, 'breaker-rules.json');
  rmSync(file, { force: true });
  print('campaign', `breaker-rules: ${String(sequences)} sequences`);
  const more = {
    AGF_CAMPAIGN: home,
    AGF_BREAKER_SEQUENCES: String(sequences),
    ...(seed === undefined ? {} : { AGF_SEED: String(seed) }),
    ...(minutes === undefined ? {} : { AGF_MINUTES: String(minutes) }),
  };
  const paths = [SUITE];
  const { failed } = await runJest({ repository: REPOSITORY, home, env: { ...env, ...more }, paths }, children);
  const figures = readJson(file) as Figures | undefined;
  if (figures) writeReport('breaker-rules', reportOf(figures, { failed, asked: sequences }));
  return failed === 0 && figures !== undefined;
}

const reportOf = (
  { sequences, commands, seed, duration_ms, counts, failures }: Figures,
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
