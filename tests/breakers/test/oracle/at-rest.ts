import { setTimeout as sleep } from 'node:timers/promises';
import type { SeedRun } from '../drive/run-seed.js';
import type { Surroundings } from '../surroundings/surroundings.js';
import { judge } from './judge.js';
import { type Stored, storedOf } from './stored.js';

const REST_WITHIN_MS = 60_000;
/** So often in a row nothing has changed. */
const LOOKS = 3;
const LOOK_MS = 200;

/**
 * Looks until nothing moves any more and all is as it must be.
 * @returns what the stores have then, and what is still not as it must be when there was time enough for it
 */
export async function atRest(around: Surroundings, run: SeedRun): Promise<{ stored: Stored; findings: string[] }> {
  const end = Date.now() + REST_WITHIN_MS;
  for (let last = '', same = 0; ; await sleep(LOOK_MS)) {
    const stored = await storedOf(around, run.tenant);
    const findings = judge(run, stored);
    const now = JSON.stringify(stored);
    same = now === last ? same + 1 : 0;
    last = now;
    const isStill = same >= LOOKS && stored.unsent === 0;
    if ((isStill && findings.length === 0) || Date.now() > end) return { stored, findings };
  }
}
