import { describe, expect, it } from '@jest/globals';
import { nextAttempt, PACE, retryAfter } from '../src/sending/backoff.js';

const NOW = Date.parse('2026-01-02T03:04:05Z');

describe('the next attempt', () => {
  it('is four times as far away each time, up to six hours, and ten are all', () => {
    const waits = Array.from({ length: 10 }, (_, i) => nextAttempt(PACE, i + 1, { asked: null, random: 0.5 }));
    expect(waits).toEqual([5, 20, 80, 320, 1_280, 5_120, 20_480, 21_600, 21_600, null]);
  });

  it('is not that of others that failed at the same time', () => {
    const of = (random: number) => nextAttempt(PACE, 3, { asked: null, random });
    expect([of(0), of(1)]).toEqual([60, 100]);
  });

  it('is no earlier than the receiver asks for, and that is a day at most', () => {
    const of = (asked: number) => nextAttempt(PACE, 1, { asked, random: 0.5 });
    expect([of(1), of(600), of(1e9)]).toEqual([5, 600, 86_400]);
  });
});

describe('Retry-After', () => {
  it.each([
    ['120', 120],
    [' 0 ', 0],
    ['Fri, 02 Jan 2026 03:05:05 GMT', 60],
    ['Fri, 02 Jan 2026 03:00:00 GMT', 0],
    ['soon', null],
    ['-5', null],
    ['1.5', null],
    ['2026', 2026],
    ['', null],
    [undefined, null],
  ])('%j asks for %j', (header, seconds) => {
    expect(retryAfter(header, NOW)).toBe(seconds);
  });
});
