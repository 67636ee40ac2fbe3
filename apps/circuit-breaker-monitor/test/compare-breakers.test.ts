import type { BreakerKey } from '@aumos/agf-domain';
import { describe, expect, it } from '@jest/globals';
import { compareBreakers, type Known, type Recorded } from '../src/rescan/compare-breakers.js';

const KEY = 'tool:a';
const NOW = 1_000_000;
const NOTHING = { restore: [], lost: [], found: [] };
const open = (epoch: number, until: number | null = NOW + 1): Recorded => ({ state: 'open', epoch, until });
const closed = (epoch: number): Recorded => ({ state: 'closed', epoch, until: null });
const half = (epoch: number): Recorded => ({ state: 'half_open', epoch, until: null });

const compare = (
  history: Recorded | null,
  redis: Known | null,
  over: { before?: Known; isolated?: BreakerKey } = {},
) => {
  const of = <T>(value: T | null | undefined): Map<BreakerKey, T> => new Map(value ? [[KEY, value]] : []);
  return compareBreakers({
    before: of<Known>(over.before ?? history),
    seen: of<Known>(redis),
    recorded: of(history),
    isolated: new Set(over.isolated ? [over.isolated] : []),
    now: NOW,
  });
};

describe('Redis beside the history', () => {
  it.each<[string, Recorded | null, Known | null]>([
    ['the same', open(5), open(5)],
    ['closed, and forgotten after a day', closed(5), null],
    ['closed in both, of different epochs', closed(5), closed(0)],
    ['counting failures, as never written', null, closed(0)],
  ])('finds nothing where it is %s', (_, history, redis) => {
    expect(compare(history, redis)).toEqual(NOTHING);
  });

  it('restores what is in its reset time and absent', () => {
    expect(compare(open(5), null)).toEqual({ ...NOTHING, restore: [KEY] });
    expect(compare(open(5), closed(0))).toEqual({ ...NOTHING, restore: [KEY] });
  });

  it.each<[string, Recorded, Known | null]>([
    ['half open and absent', half(5), null],
    ['open, its time over for long', open(5, NOW - 10_000), null],
    ['open without end, and released meanwhile', open(5, null), null],
    ['open, and Redis is back at an older closed', open(5), closed(3)],
    ['closed, and Redis is back at an older open', closed(5), open(3)],
  ])('tells that it was lost: %s', (_, history, redis) => {
    const { restore, lost, found } = compare(history, redis);
    const to = redis?.state ?? 'closed';
    if (history.state === 'open' && history.until === NOW + 1) expect([restore, found, lost]).toEqual([[], [], []]);
    else expect([restore, found, lost]).toEqual([[], [], [{ key: KEY, epoch: 5, to }]]);
  });

  it('waits with a loss while another monitor may be restoring it', () => {
    expect(compare(open(5, NOW - 9_999), null)).toEqual(NOTHING);
  });

  it('leaves what changed while it looked', () => {
    expect(compare(open(6), null, { before: closed(5) })).toEqual(NOTHING);
    expect(compare(half(6), null, { before: open(5) })).toEqual(NOTHING);
  });

  it('leaves what is isolated to its isolation', () => {
    expect(compare(open(5, null), null, { isolated: KEY })).toEqual(NOTHING);
  });

  it('finds what Redis changed without a word', () => {
    expect(compare(closed(5), open(7))).toEqual({ ...NOTHING, found: [KEY] });
    expect(compare(null, open(7))).toEqual({ ...NOTHING, found: [KEY] });
    expect(compare(open(7), open(7), { before: closed(5) })).toEqual(NOTHING);
  });
});
