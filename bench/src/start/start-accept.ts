import { timesAtOnce } from '../run/at-once.js';
import { type Benchmark, type Side } from '../run/benchmark.js';
import { platformStarts, type Starts } from './platform-starts.js';
import { rawStarts } from './raw-starts.js';

const CALLS = { 1: { usual: 40, quick: 10 }, 50: { usual: 250, quick: 100 } } as const;

/** The clock stops at the answers; the round waits until what they started has ended. */
const side = (starts: Starts, calls: number, concurrency: number): Side => ({
  round: async () => {
    const took = await timesAtOnce(calls, concurrency, (index) => starts.start(index));
    await starts.drained();
    return took;
  },
});

/** A start is accepted: `POST …/execute` answered, beside Temporal's own start. */
export const startAccept = (concurrency: keyof typeof CALLS): Benchmark => ({
  name: `start.accept.c${String(concurrency)}`,
  unit: 'ms',
  against: 'raw Temporal start',
  goal: { kind: 'ratio', most: 0.25 },
  limit: { of: 'a start', ms: 200 },
  open: async ({ quick }) => {
    const calls = CALLS[concurrency][quick ? 'quick' : 'usual'];
    const [platform, raw] = [await platformStarts(), await rawStarts()];
    return {
      measured: side(platform, calls, concurrency),
      against: side(raw, calls, concurrency),
      close: async () => {
        await platform.close();
        await raw.close();
      },
    };
  },
});
