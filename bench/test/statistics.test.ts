import { describe, expect, it } from '@jest/globals';
import { median, quantile, rounded } from '../src/run/statistics.js';

describe('quantiles', () => {
  it('are samples, by the nearest rank', () => {
    const samples = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(quantile(samples, 0.5)).toBe(50);
    expect(quantile(samples, 0.99)).toBe(99);
    expect(quantile(samples, 1)).toBe(100);
    expect(quantile(samples, 0)).toBe(1);
  });

  it('of few samples lie at the ends', () => {
    expect(quantile([7], 0.99)).toBe(7);
    expect(quantile([3, 1], 0.99)).toBe(3);
    expect(median([4, 1, 9])).toBe(4);
  });

  it('leave the samples in their order', () => {
    const samples = [3, 1, 2];
    median(samples);
    expect(samples).toEqual([3, 1, 2]);
  });

  it('of nothing are an error', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('rounding', () => {
  it('keeps six digits, wherever the point is', () => {
    expect(rounded(0.000123456789)).toBe(0.000123457);
    expect(rounded(1234.56789)).toBe(1234.57);
  });
});
