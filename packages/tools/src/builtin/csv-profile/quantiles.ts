import { type Json } from '@aumos/agf-domain';

/** Linear interpolation between the two nearest ranks (type 7: what numpy, pandas and R do by default). */
export function quantile(sorted: Float64Array, p: number): number {
  const place = (sorted.length - 1) * p;
  const low = sorted[Math.floor(place)] as number;
  const high = sorted[Math.ceil(place)] as number;
  return low === high ? low : low * (1 - (place % 1)) + high * (place % 1);
}

export interface Outliers extends Record<string, Json> {
  count: number;
  /** the fences: 1.5 interquartile ranges below the first and above the third quartile */
  low: number;
  high: number;
  /** the farthest, at most 5 */
  examples: number[];
}

/** @param seen how many values the sorted ones stand for */
export function outliersOf(sorted: Float64Array, seen: number): Outliers {
  const [q1, q3] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  const reach = finite(1.5 * (q3 - q1));
  const [low, high] = [finite(q1 - reach), finite(q3 + reach)];
  let [below, above] = [0, sorted.length];
  while (below < sorted.length && (sorted[below] as number) < low) below++;
  while (above > below && (sorted[above - 1] as number) > high) above--;
  const outside = below + (sorted.length - above);
  const candidates = [
    ...sorted.subarray(0, Math.min(below, 5)),
    ...sorted.subarray(Math.max(above, sorted.length - 5)),
  ];
  const distance = (value: number): number => (value < low ? low - value : value - high);
  const examples = [...new Set(candidates)].sort((a, b) => distance(b) - distance(a)).slice(0, 5);
  return { count: Math.round((outside / sorted.length) * seen), low, high, examples };
}

/** JSON has no infinity: fences beyond the largest number are that number. */
const finite = (value: number): number => Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
