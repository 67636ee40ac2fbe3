import { type Children } from '../test-run/children.js';
import { writeReport } from './report.js';
import { type Figures, runSuite } from './run-suite.js';

const SUITE = 'tests/breakers/test/breakers-under-faults.int.test.ts';

/** `seed` is the first. */
type BreakerFigures = Figures & { seeds: number };

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
  const run = { name: 'breakers', suite: SUITE, size: seeds, variable: 'AGF_BREAKER_SEEDS', cases: 'seeds' };
  const { figures, failed } = await runSuite<BreakerFigures>({ ...run, seed, home, env }, children);
  if (figures) writeReport('breakers', reportOf(figures, seeds));
  return failed === 0 && figures !== undefined;
}

const reportOf = ({ seeds, seed, duration_ms, counts, failures }: BreakerFigures, asked: number) => ({
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
