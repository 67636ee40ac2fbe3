/** How often and how soon again. */
export interface Pace {
  /** then it is dead */
  mostAttempts: number;
  /** from the first attempt to the second; each further wait is four times as long */
  firstSeconds: number;
  longestSeconds: number;
}

/** Ten attempts within about a day: 5 s, 20 s, 80 s, 5 min, 21 min, 85 min, and from then on 6 h at most. */
export const PACE: Pace = { mostAttempts: 10, firstSeconds: 5, longestSeconds: 21_600 };

const FACTOR = 4;
/** What a receiver may ask for. */
const LONGEST_ASKED = 86_400;

/**
 * Seconds to the next attempt; null: that was the last one.
 * @param failures so far, this one included
 * @param asked what the receiver asked for in `Retry-After`: it waits no shorter
 * @param random 0 to 1, so that what failed together is not sent again together
 */
export function nextAttempt(
  { mostAttempts, firstSeconds, longestSeconds }: Pace,
  failures: number,
  { asked, random = Math.random() }: { asked: number | null; random?: number },
): number | null {
  if (failures >= mostAttempts) return null;
  const wait = Math.min(firstSeconds * FACTOR ** (failures - 1), longestSeconds) * (0.75 + random / 2);
  return Math.max(wait, Math.min(asked ?? 0, LONGEST_ASKED));
}

/** Seconds that `Retry-After` asks for, as a number or a date; null: it asks for nothing that can be read. Source: RFC 9110, 10.2.3 */
export function retryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const at = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? null : Math.max(0, (at - now) / 1_000);
}
