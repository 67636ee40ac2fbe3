import { describe, expect, it } from '@jest/globals';
import { ERROR_TEXT_LIMIT } from '@aumos/agf-domain';
import type { ModelReply } from '../src/common/index.js';
import type { AgentAtWork } from '../src/workflow/run/agent/agent-of.js';
import { judgeReply } from '../src/workflow/run/agent/judge-reply.js';

const usage = { input_tokens: null, output_tokens: null };
const standing = { turn: 1, calls: 0, repaired: false, told: [], open: null };
const judged = (response_schema: object, text: string) => {
  const visit = { node: { response_schema }, site: { node: 'a', visit: 1 } } as unknown as Parameters<
    typeof judgeReply
  >[0];
  const reply: ModelReply = { text, calls: [], finish: 'stop', usage };
  return judgeReply(visit, { maxTurns: 2 } as AgentAtWork, standing, reply);
};

describe('what a model is told of an answer that does not fit', () => {
  it('is short, however long the names are that it made up', () => {
    const names = Array.from({ length: 10 }, (_, i) => [`${String(i)}${'x'.repeat(50_000)}`, { n: 'one' }]);
    const verdict = judged(
      { additionalProperties: { type: 'object', properties: { n: { type: 'integer' } } } },
      JSON.stringify(Object.fromEntries(names)),
    );
    expect(verdict).toMatchObject({ kind: 'repair', told: { repair: expect.stringMatching(/^\/0x/) } });
    expect(JSON.stringify(verdict).length).toBeLessThan(ERROR_TEXT_LIMIT + 100);
  });

  it('can be stored', () => {
    const verdict = judged({ additionalProperties: { type: 'integer' } }, '{"\\ud800\\u0000": "one"}');
    expect(verdict).toMatchObject({ kind: 'repair', told: { repair: expect.stringMatching(/^\/\uFFFD\uFFFD /) } });
  });
});
