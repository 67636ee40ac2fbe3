import { setTimeout as sleep } from 'node:timers/promises';
import { type Benchmark, type Side } from '../run/benchmark.js';
import { median } from '../run/statistics.js';
import { bareWay } from './bare-way.js';
import { OutboxWay } from './outbox-way.js';

/** Between two events: the consumer is at rest again. */
const REST_MS = 25;
const EVENTS_A_SECOND = 1_000;

const side = (calls: number, one: () => Promise<number>): Side => ({
  round: async () => {
    const took: number[] = [];
    for (let i = 0; i < calls; i++) {
      took.push(await one());
      await sleep(REST_MS);
    }
    return took;
  },
});

export const eventLag: Benchmark = {
  name: 'event.lag',
  unit: 'ms',
  against: 'bare produce to consume',
  goal: { kind: 'ratio', most: 3 },
  open: async ({ quick }) => {
    const calls = quick ? 15 : 40;
    const [outbox, bare] = [await OutboxWay.open(), await bareWay()];
    return {
      measured: side(calls, () => outbox.one()),
      against: side(calls, () => bare.one()),
      figures: async () => {
        const rates = [];
        for (let round = 0; round < 3; round++) rates.push(await outbox.perSecond(quick ? 1_000 : 3_000));
        const rate = median(rates);
        const says = `${rate.toFixed(0)} events/s drained, goal ${String(EVENTS_A_SECOND)} (event.lag)`;
        return [{ says, met: rate >= EVENTS_A_SECOND }];
      },
      close: async () => {
        await outbox.close();
        await bare.close();
      },
    };
  },
};
