import { eventually } from '@aumos/agf-testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Part } from '../src/system/part.js';
import { pauseBefore, Supervisor } from '../src/system/supervisor.js';

/** Lives until it is told otherwise. */
class Lamp implements Part {
  readonly title = 'a lamp';
  lit = true;
  starts = 0;
  failures = 0;
  constructor(readonly name: string) {}
  isUp(): boolean {
    return this.lit;
  }
  async serves(): Promise<boolean> {
    return this.lit;
  }
  async up(): Promise<void> {
    this.starts++;
    if (this.failures-- > 0) throw new Error('the fuse is blown');
    this.lit = true;
  }
  async down(): Promise<void> {
    this.lit = false;
  }
}

let ending: AbortController;
beforeEach(() => {
  ending = new AbortController();
});
afterEach(() => {
  ending.abort();
});

describe('the supervisor', () => {
  it('waits longer from death to death, up to ten seconds', () => {
    expect([1, 2, 3, 4, 20].map(pauseBefore)).toEqual([0, 250, 500, 1000, 10_000]);
  });

  it('starts again what dies, tries again what does not start, and leaves down what is held', async () => {
    const told: string[] = [];
    const supervisor = new Supervisor((part, text) => told.push(`${part} ${text}`), ending.signal);
    const [flaky, held] = [new Lamp('flaky'), new Lamp('held')];
    flaky.failures = 1;
    supervisor.watch(flaky);
    supervisor.watch(held, { held: true });
    held.lit = false;
    flaky.lit = false;
    await eventually(() => flaky.lit);
    expect(flaky.starts).toBe(2);
    await eventually(() => told.includes('flaky is back'));
    expect(told).toContain('flaky the fuse is blown');
    expect(held.starts).toBe(0);
    supervisor.release('held');
    await eventually(() => held.lit);
    ending.abort();
    await supervisor.ended();
    flaky.lit = false;
    expect(flaky.starts).toBe(2);
  });
});
