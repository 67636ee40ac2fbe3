import { describe, expect, it } from '@jest/globals';
import { decodeCursor, encodeCursor } from '../src/index.js';

const cursor = { at: '2026-01-02T03:04:05.000006Z', id: '00000000-0000-4000-8000-00000000000a' };

describe('a cursor', () => {
  it('comes back to the microsecond', () => {
    expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
  });

  it.each([[''], ['abc'], [encodeCursor({ ...cursor, id: '1' })]])('is refused when it is %j', (text) => {
    expect(() => decodeCursor(text)).toThrow(/not one of ours/);
  });

  it.each([
    'now()',
    '2026-13-45T99:00:00.000000Z',
    '2026-02-31T00:00:00.000000Z',
    '2025-02-29T00:00:00.000000Z',
    '2026-01-01T24:00:00.000000Z',
    '2026-01-01T00:00:60.000000Z',
    '0000-01-01T00:00:00.000000Z',
  ])('is refused with the time %s', (at) => {
    expect(() => decodeCursor(encodeCursor({ ...cursor, at }))).toThrow(/not one of ours/);
  });

  it.each(['2024-02-29T23:59:59.999999Z', '0001-01-01T00:00:00.000000Z'])('takes the time %s', (at) => {
    expect(decodeCursor(encodeCursor({ ...cursor, at }))).toEqual({ ...cursor, at });
  });
});
