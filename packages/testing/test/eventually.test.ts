import { describe, expect, it } from '@jest/globals';
import { eventually } from '../src/index.js';

describe('eventually', () => {
  it('returns the first truthy value', async () => {
    let n = 0;
    await expect(eventually(() => (++n === 3 ? n : 0))).resolves.toBe(3);
  });

  it('tells what it waited for', async () => {
    await expect(eventually(() => false, 'rain', { timeoutMs: 30, everyMs: 5 })).rejects.toThrow(/in vain for rain/);
  });

  it("throws the probe's last error", async () => {
    const probe = (): never => {
      throw new Error('no route');
    };
    await expect(eventually(probe, 'x', { timeoutMs: 30, everyMs: 5 })).rejects.toThrow('no route');
  });
});
