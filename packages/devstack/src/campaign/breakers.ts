import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { print } from '../cli/terminal.js';
import { readJson } from '../state/json-file.js';
import { REPOSITORY } from '../state/places.js';
import { type Children } from '../test-run/children.js';
import { runJest } from '../test-run/run-jest.js';
import { writeReport } from './report.js';

const SUITE = 'tests/breakers/test/breakers-under-faults.int.test.ts';

/** What the suite tells, see tests/breakers/test/report.ts. */
interface Figures {
  seeds: number;
  seed: number;
  duration_ms: number;
  counts: Record<string, number>;
  failures: string[];
}

export interface BreakersRun {
  seeds: number;
  /** the first; absent: any */
  seed: number | undefined;
  /** where figures go */
  home: string;
  env: NodeJS.ProcessEnv;
}

/** Breakers and monitors under faults, seed by seed, and the report. @returns whether all was as it must be */
export async function runBreakers({ seeds, seed, home, env }: BreakersRun, children: Children): Promise<boolean> {
  const file = join(home, 'breakers.json');
  rmSync(file, { force: true });
  print('campaign', `breakers: ${String(seeds)} seeds`);
  const more = {
    AGF_CAMPAIGN: home,
    AGF_BREAKER_SEEDS: String(seeds),
    ...(seed === undefined ? {} : { AGF_SEED: String(seed) }),
  };
  const { failed } = await runJest(
    { repository: REPOSITORY, home, env: { ...env, ...more }, paths: [SUITE] },
    children,
  );
  const figures = readJson(file) as Figures | undefined;
  if (figures) writeReport('breakers', reportOf(figures, seeds));
  return failed === 0 && figures !== undefined;
}

const reportOf = ({ seeds, seed, duration_ms, counts, failures }: Figures, asked: number) => ({
  title: 'Breakers whose Redis and monitors are killed, stalled and flushed',
  command: `npm run campaign -- breakers ${String(asked)} --seed ${String(seed)}`,
  duration_ms,
  says:
    failures.length === 0
      ? 'Several instances guarded calls while a Redis and two monitor processes were killed, stopped, stalled and flushed at generated times. At rest, of every seed: the history of each breaker is one chain under growing epochs, each transition one row, each opening and closing one event on Kafka; PostgreSQL and Redis agree; no call of an isolated breaker, and none that was decided while a breaker was open, was admitted; no half-open breaker gave more permits than it has; each acknowledged failure was counted once.'
      : 'It failed.',
  facts: [
    ['asked for', String(asked)],
    ['seeds', String(seeds)],
    ['the first', String(seed)],
    ['seeds that were not as they must be', String(failures.length)],
  ] as [string, string][],
  counted: 'What was done, and what happened',
  counts,
  failures,
});
