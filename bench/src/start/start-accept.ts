import { timesAtOnce } from '../run/at-once.js';
import { type Benchmark, type Side } from '../run/benchmark.js';
import { platformStarts, type Starts } from './platform-starts.js';
import { rawStarts } from './raw-starts.js';

/** Waves a round. */
const WAVES = { 1: { usual: 15, quick: 8 }, 50: { usual: 3, quick: 2 } } as const;

/**
 * As many starts at once as there are callers, then nothing until what they started has ended: on both sides accepting
 * is measured, not executing.
 */
const side = (starts: Starts, waves: number, concurrency: number): Side => ({
  round: async () => {
    const took: number[] = [];
    for (let wave = 0; wave < waves; wave++) {
      took.push(...(await timesAtOnce(concurrency, concurrency, (index) => starts.start(index))));
      await starts.drained();
    }
    return took;
  },
});

/** A start is accepted: `POST …/execute` answered, beside Temporal's own start. */
export const startAccept = (concurrency: keyof typeof WAVES): Benchmark => ({
  name: `start.accept.c${String(concurrency)}`,
  unit: 'ms',
  against: 'raw Temporal start',
  goal: { kind: 'ratio', most: 0.25 },
  limit: { of: 'a start', ms: 200 },
  open: async ({ quick }) => {
    const waves = WAVES[concurrency][quick ? 'quick' : 'usual'];
    const [platform, raw] = [await platformStarts(), await rawStarts()];
    return {
      measured: side(platform, waves, concurrency),
      against: side(raw, waves, concurrency),
      close: async () => {
        await platform.close();
        await raw.close();
      },
    };
  },
});
