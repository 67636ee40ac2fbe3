import { type Benchmark } from '../run/benchmark.js';
import { chain, fanout, localBenchmark } from './local-benchmark.js';

const ratio = (most: number): Benchmark['goal'] => ({ kind: 'ratio', most });

export const localGoals: readonly Benchmark[] = [
  localBenchmark({ name: 'chain10.local', goal: ratio(1) }, chain(10), { usual: 8, quick: 3 }),
  localBenchmark({ name: 'chain100.local', goal: ratio(0.5), best: true }, chain(100), { usual: 3, quick: 2 }),
  localBenchmark({ name: 'fanout100.local', goal: ratio(1), best: true }, fanout(100), { usual: 4, quick: 2 }),
  localBenchmark({ name: 'throughput10.local', goal: ratio(1) }, chain(10), { usual: 100, quick: 40, atOnce: 20 }),
];
