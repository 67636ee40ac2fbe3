import { expect, it } from '@jest/globals';
import { approvedCalls } from '../hostile/approved-calls.js';
import { type Category, make, type Tally } from '../hostile/attempt.js';
import { editsAndAnswers } from '../hostile/edits-and-answers.js';
import { escalation } from '../hostile/escalation.js';
import { foreignIds } from '../hostile/foreign-ids.js';
import { forgedTokens } from '../hostile/forged-tokens.js';
import { selfApproval } from '../hostile/self-approval.js';

/** By category: how its attempts are made, and how many there are at least. */
const CATEGORIES: [name: string, prepare: () => Promise<Category>, least: number][] = [
  ['foreign ids', foreignIds, 350],
  ['forged tokens', forgedTokens, 180],
  ['argument swaps and replayed approvals', approvedCalls, 150],
  ['self-approval', selfApproval, 200],
  ['edits and answers', editsAndAnswers, 150],
  ['escalation', escalation, 250],
];
const LEAST = 500;
const SHOWN = 20;

/** Each in its harmless form first, then as somebody tries it who may not; what holds is looked up in the rows. */
export function hostileAttempts(): void {
  const tallies: Tally[] = [];

  it.each(CATEGORIES)('%s: none gets through', async (_name, prepare, least) => {
    const tally = await make(await prepare());
    tallies.push(tally);
    expect(tally.broken.slice(0, SHOWN)).toEqual([]);
    expect(tally.got_through.slice(0, SHOWN)).toEqual([]);
    expect(tally.attempts).toBeGreaterThanOrEqual(least);
  });

  it(`are at least ${String(LEAST)}`, () => {
    const rows = tallies.map(({ category, attempts, harmless }) => [category, attempts, harmless] as const);
    const total = rows.reduce((sum, [, attempts]) => sum + attempts, 0);
    const lines = [['category', 'attempts', 'harmless forms'], ...rows, ['all', total, '']].map(
      ([name, attempts, forms]) =>
        `${String(name).padEnd(36)}${String(attempts).padStart(9)}${String(forms).padStart(16)}`,
    );
    process.stdout.write(`${lines.join('\n')}\n`);
    expect(total).toBeGreaterThanOrEqual(LEAST);
  });
}
