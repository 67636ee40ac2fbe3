import { PlatformRuns } from '../local/platform-runs.js';
import { oneByOne } from '../run/at-once.js';
import { type Benchmark, type Side } from '../run/benchmark.js';
import { BareCalls } from './bare-calls.js';
import { toolChain } from './tool-chain.js';

/** A chain of tool nodes on the running system, beside the same calls with the journal alone. */
export const governanceOverhead: Benchmark = {
  name: 'governance.overhead',
  unit: 'ms',
  against: 'the same calls, ungoverned',
  goal: { kind: 'ratio', most: 1.1 },
  open: async ({ quick }) => {
    const calls = quick ? 2 : 6;
    const [platform, bare] = [await PlatformRuns.open(), await BareCalls.open()];
    const workflow = await platform.publish(toolChain);
    const side = (run: () => Promise<number>): Side => ({ round: () => oneByOne(calls, run) });
    return {
      measured: side(() => platform.runNodes(workflow, {}, true)),
      against: side(() => bare.run()),
      close: async () => {
        await bare.close();
        await platform.close();
      },
    };
  },
};
