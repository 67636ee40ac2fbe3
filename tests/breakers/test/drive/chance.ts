import { integer, noBias, sample } from 'fast-check';

const INT32 = 2 ** 31;
const DRAWN = 4_096;

/** Numbers of [0, 1), the same of the same seed. */
export function chanceOf(seed: number): () => number {
  const drawn = sample(noBias(integer({ min: 0, max: INT32 - 1 })), { seed, numRuns: DRAWN });
  let next = 0;
  return () => drawn[next++ % DRAWN]! / INT32;
}
