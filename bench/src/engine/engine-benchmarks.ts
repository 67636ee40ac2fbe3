import { type Benchmark } from '../run/benchmark.js';
import { fanout, localBenchmark } from '../local/local-benchmark.js';
import { engineBenchmark } from './engine-benchmark.js';
import { cachedMemory } from './memory.js';
import { replay } from './replay.js';
import { inlineChain, toolChain, toolFanout } from './work.js';

export const chain10Activity = engineBenchmark(
  { name: 'chain10.activity', goal: { kind: 'ratio', most: 1.1 } },
  toolChain(10),
  { usual: 8, quick: 3 },
);

const figure = (name: string): Pick<Benchmark, 'name' | 'goal' | 'group'> => ({
  name,
  goal: { kind: 'none' },
  group: 'engine',
});

/** What is good to know of the engine, without a goal. */
export const engineFigures: readonly Benchmark[] = [
  engineBenchmark(figure('chain10.inline'), inlineChain(10), { usual: 8, quick: 3 }),
  engineBenchmark(figure('chain100.inline'), inlineChain(100), { usual: 5, quick: 2 }),
  engineBenchmark(figure('chain100.activity'), toolChain(100), { usual: 2, quick: 1 }),
  engineBenchmark(figure('fanout100.activity'), toolFanout(100), { usual: 3, quick: 2 }),
  localBenchmark({ ...figure('fanout500.local'), best: true }, fanout(500), { usual: 2, quick: 1 }),
  replay,
  cachedMemory,
];
