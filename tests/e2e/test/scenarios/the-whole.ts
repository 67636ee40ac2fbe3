import { oracle } from '@aumos/agf-test-support';
import { expect, it } from '@jest/globals';
import { since, world } from '../system.js';

/** Comes last: looks back at everything that the other scenarios did. */
export function theWhole(): void {
  it('adds up: starts and ends, events, slots, effects and their approvals, tenants', async () => {
    expect(await oracle(world())).toEqual([]);
  });

  it('has logged no error, whatever was sent', () => {
    const errors = world().logs(({ level, time }) => ['error', 'fatal'].includes(level) && time > since());
    expect(errors.map(({ app, message, err }) => ({ app, message, err }))).toEqual([]);
  });
}
