import { describe, expect, it } from '@jest/globals';
import type { ExecutionEvent } from '@aumos/agf-domain';
import { TurnTokens } from '../src/model-call/turn-tokens.js';

const LONG = 'x'.repeat(2_000);

/** Tells into a list, or as the test says. */
function telling({ attempt = 1, tell }: { attempt?: number; tell?: (event: ExecutionEvent) => Promise<boolean> } = {}) {
  const told: ExecutionEvent[] = [];
  const errors: unknown[] = [];
  const into = async (event: ExecutionEvent): Promise<boolean> => {
    if (tell && !(await tell(event))) return false;
    told.push(event);
    return true;
  };
  const of = { node: 'a', visit: 1, turn: 2, attempt };
  return { told, errors, of, tokens: new TurnTokens(of, into, (error) => errors.push(error)) };
}
const textOf = (events: ExecutionEvent[]): string =>
  events.reduce((text, { data }) => (data['reset'] ? '' : text) + (data['text'] as string), '');

describe('tokens of a turn', () => {
  it('are gathered, and never cut inside a character', async () => {
    const { tokens, told, of } = telling();
    const pieces = [LONG, 'a', 'b\ud83d', '\udc4d', `c${LONG}\ud83d`];
    for (const piece of pieces) tokens.hear(piece);
    await tokens.stop();
    const rest = tokens.rest(`${LONG}ab👍c${LONG}\uFFFD`, 1);
    expect(told).toEqual([{ type: 'token', data: { ...of, text: LONG } }]);
    expect(textOf([...told, ...rest])).toBe(`${LONG}ab👍c${LONG}\uFFFD`);
    const all = telling();
    all.tokens.hear(`${LONG}\ud83d`);
    expect(await all.tokens.stop()).toBeUndefined();
    expect(textOf(all.told)).toBe(LONG);
    expect(all.tokens.rest(LONG + '👍', 1)).toMatchObject([{ data: { text: '👍' } }]);
  });

  it('say nothing of an answer without text, unless an earlier attempt may have', () => {
    expect(telling().tokens.rest('', 1)).toEqual([]);
    const again = telling({ attempt: 2 });
    expect(again.tokens.rest('', 2)).toEqual([{ type: 'token', data: { ...again.of, text: '', reset: true } }]);
  });

  it('are told anew at the end where it is not known what was told', async () => {
    const lost = telling({ tell: () => Promise.reject(new Error('the connection is gone')) });
    const late = telling({ tell: () => Promise.resolve(false) });
    for (const { tokens } of [lost, late]) {
      tokens.hear(LONG);
      tokens.hear('!');
      await tokens.stop();
      expect(tokens.rest(`${LONG}!`, 1)).toMatchObject([{ data: { text: `${LONG}!`, reset: true } }]);
    }
    expect([lost.errors.length, late.errors.length]).toEqual([1, 0]);
    const taken = telling();
    taken.tokens.hear(LONG);
    await taken.tokens.stop();
    expect(taken.tokens.rest(LONG, 2)).toMatchObject([{ data: { text: LONG, reset: true } }]);
  });
});
