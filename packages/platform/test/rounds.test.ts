import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Rounds } from '../src/rounds/rounds.js';

const never = (err: unknown): void => {
  throw err;
};

describe('rounds', () => {
  it('come one after the other, and go on after one that failed', async () => {
    let [rounds, atOnce, most] = [0, 0, 0];
    const failures: unknown[] = [];
    const work = new Rounds(
      async () => {
        most = Math.max(most, ++atOnce);
        await sleep(2);
        atOnce--;
        if (++rounds === 2) throw new Error('second');
      },
      { everyMs: 1, firstAfterMs: 0, failed: (err) => failures.push(err) },
    );
    work.start();
    work.start();
    while (rounds < 5) await sleep(1);
    await work.stop();
    expect([most, failures.map(String)]).toEqual([1, ['Error: second']]);
    const after = rounds;
    await sleep(20);
    expect(rounds).toBe(after);
  });

  it('wait for the round under way when they stop, and tell it so', async () => {
    let done = false;
    const work = new Rounds(
      async (signal) => {
        await sleep(60_000, undefined, { signal }).catch(() => undefined);
        await sleep(5);
        done = true;
      },
      { everyMs: 60_000, firstAfterMs: 0, failed: never },
    );
    work.start();
    await work.stop();
    expect(done).toBe(true);
  });

  it('do not begin when they stop in the first pause, or were never begun', async () => {
    let rounds = 0;
    const make = () => new Rounds(async () => void rounds++, { everyMs: 60_000, failed: never });
    const begun = make();
    begun.start();
    await begun.stop();
    await make().stop();
    expect(rounds).toBe(0);
  });

  it('pause as long as they are told each time, or until something happens', async () => {
    let rounds = 0;
    const pauses = [1, 60_000, 60_000];
    const work = new Rounds(async () => void rounds++, {
      everyMs: () => pauses[rounds] ?? 60_000,
      until: () => (rounds < 3 ? sleep(3) : new Promise(() => undefined)),
      failed: never,
    });
    work.start();
    while (rounds < 3) await sleep(1);
    await sleep(20);
    await work.stop();
    expect(rounds).toBe(3);
  });
});
