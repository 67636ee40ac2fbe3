/** The value below which `share` (0..1) of the samples lie: the nearest rank. @throws RangeError without samples */
export function quantile(samples: readonly number[], share: number): number {
  if (samples.length === 0) throw new RangeError('no samples');
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = Math.ceil(share * sorted.length) - 1;
  return sorted[Math.min(sorted.length - 1, Math.max(0, rank))]!;
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

/** Six digits: more than any clock here gives, and a file that people can read. */
export const rounded = (value: number): number => Number(value.toPrecision(6));
