import { oneByOne } from '../run/at-once.js';
import { type Benchmark } from '../run/benchmark.js';
import { platformDecisions } from './platform-decisions.js';
import { rawSignals } from './raw-signals.js';

const DECISIONS = { usual: 20, quick: 5 };

/** A person approves: from the answer to the beginning of what is approved, beside Temporal's own signal. */
export const decisionToStart: Benchmark = {
  name: 'decision.to.start',
  unit: 'ms',
  against: 'raw Temporal signal',
  goal: { kind: 'ratio', most: 1.3 },
  open: async ({ quick }) => {
    const count = DECISIONS[quick ? 'quick' : 'usual'];
    const [platform, raw] = [await platformDecisions(), await rawSignals()];
    return {
      measured: { round: () => oneByOne(count, () => platform.decide()) },
      against: { round: () => oneByOne(count, () => raw.decide()) },
      close: async () => {
        await platform.close();
        await raw.close();
      },
    };
  },
};
