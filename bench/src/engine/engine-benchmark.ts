import { timesAtOnce } from '../run/at-once.js';
import { type Benchmark } from '../run/benchmark.js';
import { BothWorkers } from './both-workers.js';
import { type Work } from './work.js';

/** The engine's way through a graph, beside a workflow that makes the same calls by hand. */
export const engineBenchmark = (
  described: Pick<Benchmark, 'name' | 'goal' | 'group'>,
  work: Work,
  executions: { usual: number; quick: number },
): Benchmark => ({
  ...described,
  unit: 'ms',
  against: 'hand-written workflow',
  open: async ({ quick }) => {
    const calls = quick ? executions.quick : executions.usual;
    const workers = await BothWorkers.open();
    return {
      measured: { round: () => timesAtOnce(calls, 1, () => workers.platform(work)) },
      against: { round: () => timesAtOnce(calls, 1, () => workers.byHand(work)) },
      close: () => workers.close(),
    };
  },
});
