import { type Benchmark, type Figure } from './benchmark.js';
import { type Samples } from './measure.js';
import { median, quantile, rounded } from './statistics.js';

/** One entry of the file that `--json` writes: its members are fixed. */
interface Entry {
  name: string;
  p50: number;
  p99: number;
  unit: Benchmark['unit'];
  against: string;
  against_p50: number;
  /** p50 / against_p50 */
  ratio: number;
  rounds: number;
}

export interface Result {
  entry: Entry;
  goal: Figure;
  limit?: Figure;
  figures: Figure[];
}

export function resultOf(benchmark: Benchmark, samples: Samples, figures: Figure[]): Result {
  const { name, unit, against } = benchmark;
  const [p50, p99, against_p50] = [median(samples.measured), quantile(samples.measured, 0.99), median(samples.against)];
  const entry: Entry = {
    name,
    p50: rounded(p50),
    p99: rounded(p99),
    unit,
    against,
    against_p50: rounded(against_p50),
    ratio: rounded(p50 / against_p50),
    rounds: samples.rounds,
  };
  return { entry, goal: goalOf(benchmark, entry), figures, ...limitOf(benchmark, p99) };
}

function goalOf({ goal, unit }: Benchmark, { ratio, p99 }: Entry): Figure {
  if (goal.kind === 'ratio') return { says: `ratio <= ${String(goal.most)}`, met: ratio <= goal.most };
  return { says: `p99 < ${String(goal.most)} ${unit}`, met: p99 < goal.most };
}

function limitOf({ name, limit, unit }: Benchmark, p99: number): { limit?: Figure } {
  if (!limit) return {};
  const ms = unit === 'us' ? p99 / 1000 : p99;
  const says = `${limit.of} < ${String(limit.ms)} ms at p99: ${String(Number(ms.toPrecision(3)))} ms (${name})`;
  return { limit: { says, met: ms < limit.ms } };
}

/** Every promise that this run looked at. */
export const promisesOf = ({ goal, limit, figures }: Result): Figure[] => [goal, ...(limit ? [limit] : []), ...figures];
