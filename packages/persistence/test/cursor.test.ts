import { describe, expect, it } from '@jest/globals';
import { decodeCursor, encodeCursor } from '../src/index.js';

const cursor = { at: '2026-01-02T03:04:05.000006Z', id: '00000000-0000-4000-8000-00000000000a' };

describe('a cursor', () => {
  it('comes back to the microsecond', () => {
    expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
  });

  it.each([[''], ['abc'], [encodeCursor({ ...cursor, at: 'now()' })], [encodeCursor({ ...cursor, id: '1' })]])(
    'is refused when it is %j',
    (text) => {
      expect(() => decodeCursor(text)).toThrow(/not one of ours/);
    },
  );
});
