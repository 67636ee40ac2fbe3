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

type Compared = Pick<Beside, 'name' | 'p50'>;

/** What else it was compared with. */
interface Beside {
  name: string;
  p50: number;
  ratio: number;
}

export interface Result {
  entry: Entry;
  /** absent: a figure to know */
  goal?: Figure;
  besides: Beside[];
  limit?: Figure;
  figures: Figure[];
}

export function resultOf(benchmark: Benchmark, samples: Samples, figures: Figure[]): Result {
  const { name, unit } = benchmark;
  const [p50, p99] = [median(samples.measured), quantile(samples.measured, 0.99)];
  const [chosen, ...others] = comparedOf(benchmark, samples);
  const entry: Entry = {
    name,
    p50: rounded(p50),
    p99: rounded(p99),
    unit,
    against: chosen.name,
    against_p50: rounded(chosen.p50),
    ratio: rounded(p50 / chosen.p50),
    rounds: samples.rounds,
  };
  const besides = others.map((each) => ({ ...each, ratio: rounded(p50 / each.p50) }));
  return { entry, besides, figures, ...goalOf(benchmark, entry), ...limitOf(benchmark, p99) };
}

/** What the goal is about, then the others. */
function comparedOf({ against, best }: Benchmark, samples: Samples): [Compared, ...Compared[]] {
  const first = { name: against, p50: median(samples.against) };
  const others = samples.besides.map((each) => ({ name: each.name, p50: median(each.samples) }));
  if (!best) return [first, ...others];
  const [quickest = first, ...rest] = [first, ...others].sort((a, b) => a.p50 - b.p50);
  return [{ ...quickest, name: `best of peers: ${quickest.name}` }, ...rest];
}

function goalOf({ goal, unit }: Benchmark, { ratio, p99 }: Entry): { goal?: Figure } {
  if (goal.kind === 'none') return {};
  if (goal.kind === 'ratio') return { goal: { says: `ratio <= ${String(goal.most)}`, met: ratio <= goal.most } };
  return { goal: { says: `p99 < ${String(goal.most)} ${unit}`, met: p99 < goal.most } };
}

function limitOf({ name, limit, unit }: Benchmark, p99: number): { limit?: Figure } {
  if (!limit) return {};
  const ms = unit === 'us' ? p99 / 1000 : p99;
  const says = `${limit.of} < ${String(limit.ms)} ms at p99: ${String(Number(ms.toPrecision(3)))} ms (${name})`;
  return { limit: { says, met: ms < limit.ms } };
}

/** Every promise that this run looked at. */
export const promisesOf = ({ goal, limit, figures }: Result): Figure[] => [
  ...(goal ? [goal] : []),
  ...(limit ? [limit] : []),
  ...figures,
];
