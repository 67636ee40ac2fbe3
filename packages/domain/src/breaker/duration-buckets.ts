/** Each bucket ends a twentieth later than the one before, so what is read from them is at most 2.5 % off. */
const GROWTH = 1.05;

/** The bucket of a duration; what took less than a millisecond is in bucket 0. @param ms not negative */
export const durationBucket = (ms: number): number => (ms <= 1 ? 0 : Math.ceil(Math.log(ms) / Math.log(GROWTH)));

/**
 * A quantile of durations, in ms, by nearest rank; null where there is none.
 * @param counts how many, by bucket
 * @param quantile (0, 1]
 */
export function durationAt(counts: Readonly<Record<string, number>>, quantile: number): number | null {
  const buckets = Object.entries(counts)
    .map(([bucket, count]) => ({ bucket: Number(bucket), count }))
    .sort((a, b) => a.bucket - b.bucket);
  const rank = Math.ceil(quantile * buckets.reduce((sum, { count }) => sum + count, 0));
  let passed = 0;
  for (const { bucket, count } of buckets) {
    passed += count;
    if (passed >= rank) return Math.round((2 * GROWTH ** bucket) / (1 + GROWTH));
  }
  return null;
}
