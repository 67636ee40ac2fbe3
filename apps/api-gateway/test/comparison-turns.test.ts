import { describe, expect, it } from '@jest/globals';
import { ComparisonLimits } from '../src/definitions/compare/comparison-limits.js';
import { ComparisonTurns } from '../src/definitions/compare/comparison-turns.js';

const LONG = 60_000;

describe('turns of comparisons', () => {
  it('go round: nobody has two while others wait', async () => {
    const turns = new ComparisonTurns(new ComparisonLimits());
    const had: string[] = [];
    const compares = async (tenant: string): Promise<void> =>
      turns.ofTenant(tenant, async () => {
        for (let i = 0; i < 3; i++)
          await turns.take(LONG, async () => {
            had.push(tenant);
            await Promise.resolve();
          });
      });
    await Promise.all(['a', 'b', 'c'].map(compares));
    expect(had.join('')).toBe('abcabcabc');
  });

  it('do not come too late, and not to those who stopped waiting', async () => {
    const turns = new ComparisonTurns(new ComparisonLimits());
    let letGo = (_: string): void => undefined;
    const held = new Promise<string>((resolve) => (letGo = resolve));
    const first = turns.take(LONG, () => held);
    expect(await turns.take(20, async () => Promise.resolve('late'))).toBeNull();
    expect(await turns.take(0, async () => Promise.resolve('never'))).toBeNull();
    const next = turns.take(LONG, async () => Promise.resolve('next'));
    letGo('first');
    expect(await Promise.all([first, next])).toEqual(['first', 'next']);
  });

  it('are given back by whoever fails', async () => {
    const turns = new ComparisonTurns(Object.assign(new ComparisonLimits(), { tenants: 1 }));
    const fails = (): Promise<never> => Promise.reject(new Error('no'));
    await expect(turns.ofTenant('a', () => turns.take(LONG, fails))).rejects.toThrow('no');
    const within = async (): Promise<string | null> => {
      await expect(turns.ofTenant('a', fails)).rejects.toMatchObject({ code: 'RATE_LIMIT_EXCEEDED' });
      await expect(turns.ofTenant('b', fails)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
      return turns.take(LONG, async () => Promise.resolve('yes'));
    };
    expect(await turns.ofTenant('a', within)).toBe('yes');
  });
});
