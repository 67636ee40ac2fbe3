/** Where a stream begins. */
export const BEGINNING = '0-0';

/** Whether an entry of a Redis stream is older than another: ids are `<ms>-<sequence>`. */
export function isBefore(id: string, other: string): boolean {
  const [ms = 0, sequence = 0] = id.split('-').map(Number);
  const [otherMs = 0, otherSequence = 0] = other.split('-').map(Number);
  return ms < otherMs || (ms === otherMs && sequence < otherSequence);
}
