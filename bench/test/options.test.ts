import { describe, expect, it } from '@jest/globals';
import { optionsOf, UsageError } from '../src/run/options.js';

const KNOWN = ['a.c1', 'b'];

describe('arguments', () => {
  it('name what to measure, or everything', () => {
    expect(optionsOf([], KNOWN)).toEqual({ names: [], quick: false, check: false, engine: false });
    expect(optionsOf(['b', '--quick', '--check', '--json', 'out.json'], KNOWN)).toEqual({
      names: ['b'],
      quick: true,
      check: true,
      engine: false,
      json: 'out.json',
    });
  });

  it.each([['c'], ['--jason'], ['--json']])('that mean nothing are the caller’s mistake: %s', (argument) => {
    expect(() => optionsOf([argument], KNOWN)).toThrow(UsageError);
  });
});
