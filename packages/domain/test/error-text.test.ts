import { describe, expect, it } from '@jest/globals';
import { shortened } from '../src/index.js';

describe('a shortened text', () => {
  it.each([
    ['', 3, ''],
    ['abc', 3, 'abc'],
    ['abcd', 3, 'abc'],
    ['a😀b', 2, 'a😀'],
    ['😀😀😀', 2, '😀😀'],
    ['😀'.repeat(1_500), 2_000, '😀'.repeat(1_500)],
  ])('%j of %i code points', (text, limit, expected) => expect(shortened(text, limit)).toBe(expected));

  it('is of 2,000 code points unless told otherwise, and never ends within a pair', () => {
    const text = shortened(`a${'😀'.repeat(5_000)}`);
    expect([...text]).toHaveLength(2_000);
    expect(Buffer.from(text).toString()).toBe(text);
  });
});
