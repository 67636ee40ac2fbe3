import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { report, seedOfRun, sizeOfRun } from '@aumos/agf-testing';
import { Counts } from './counts.js';
import { countLostReports } from './drive/lost-reports.js';
import { runSeed } from './drive/run-seed.js';
import { atRest } from './oracle/at-rest.js';
import { Surroundings } from './surroundings/surroundings.js';

const SEEDS = sizeOfRun('AGF_BREAKER_SEEDS', 8);
/** A line of a long run is of so many. */
const A_LINE = 20;

let around: Surroundings;
jest.setTimeout(7_200_000);
beforeAll(async () => {
  countLostReports();
  around = await Surroundings.open();
}, 120_000);
afterAll(() => around.close(), 60_000);

/** @returns what is not as it must be */
async function check(seed: number, counts: Counts): Promise<string[]> {
  try {
    const run = await runSeed(around, seed);
    await around.ready();
    const { stored, findings } = await atRest(around, run);
    counts.add(run, stored);
    return findings;
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
}

describe('breakers whose Redis and monitors are killed, stalled and flushed', () => {
  it('keep what they promise, seed by seed', async () => {
    const [seed, began, counts] = [seedOfRun(), Date.now(), new Counts()];
    const failures: string[] = [];
    for (let i = 0; i < SEEDS && failures.length === 0; i++) {
      const found = await check(seed + i, counts);
      if (found.length > 0) failures.push(`seed ${String(seed + i)}:\n${found.join('\n')}`);
      if ((i + 1) % A_LINE === 0 || i + 1 === SEEDS || failures.length > 0) {
        const figures = { seeds: i + 1, seed, duration_ms: Date.now() - began, counts: counts.all, failures };
        report('breakers', `breakers: ${String(i + 1)} seeds from ${String(seed)}`, figures);
      }
    }
    expect(failures).toEqual([]);
    expect(counts.all['calls admitted']).toBeGreaterThan(0);
    expect(counts.all['opened']).toBeGreaterThan(0);
  });
});
