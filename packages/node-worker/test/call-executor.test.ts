import { describe, expect, it } from '@jest/globals';
import { CancelledFailure } from '@temporalio/activity';
import type { ExecutorCall } from '@aumos/agf-engine/common';
import { type AgentExecutors, type AgentTurn, callExecutor, type CallSite, HandlerError } from '../src/index.js';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const site = (signal = new AbortController().signal): CallSite => ({
  ...{ attempt: 2, signal, heartbeat: () => undefined, last_heartbeat: null, log: quiet },
});
const call: ExecutorCall = {
  ...{ inline: true, executor: 'clerk', tenant_id: 't', execution_id: 'e', node: 'a', visit: 1, item: null, turn: 3 },
  workflow: { id: 'w', name: 'flow', version: 1 },
  effect_key: 'e/a~1/3',
  agent: { id: 'i', name: 'clerk', version: 1, instructions: 'Be brief.', privilege_level: 2 },
  ...{ limits: {}, prompt: { n: 1 }, messages: [{ role: 'user', content: 'Go.' }], tools: [] },
};
const ask = (agents: AgentExecutors, signal?: AbortSignal) => callExecutor(agents, call, site(signal));

describe('an executor', () => {
  it('is told the turn and where it is, and its step leaves as JSON', async () => {
    let told: AgentTurn | undefined;
    const step = await ask({
      clerk: (turn, { turn: nth, effect_key, attempt, tenant_id }) => {
        told = turn;
        return { answer: { nth, effect_key, attempt, tenant_id, at: new Date(0) } };
      },
    });
    const answer = { nth: 3, effect_key: 'e/a~1/3', attempt: 2, tenant_id: 't', at: '1970-01-01T00:00:00.000Z' };
    expect(step).toEqual({ answer });
    expect(told).toEqual({
      ...{ agent: call.agent, prompt: { n: 1 }, messages: call.messages, tools: [], limits: {} },
    });
  });

  it.each<[string, AgentExecutors, string, boolean]>([
    ['there is none of the name', {}, 'UNKNOWN_EXECUTOR', false],
    [
      'a name is inherited',
      Object.create({ clerk: () => ({ answer: 1 }) }) as AgentExecutors,
      'UNKNOWN_EXECUTOR',
      false,
    ],
    ['it throws what it does not name', { clerk: () => Promise.reject(new Error('password')) }, 'HANDLER_FAILED', true],
    ['it is no JSON', { clerk: () => ({ answer: 1n }) }, 'INVALID_RESULT', false],
    ['it is too large', { clerk: () => ({ answer: 'x'.repeat(1_400_000) }) }, 'PAYLOAD_TOO_LARGE', false],
    [
      'it names what is wrong',
      { clerk: () => Promise.reject(new HandlerError('NO_STOCK', 'none', { retryable: true })) },
      ...(['NO_STOCK', true] as const),
    ],
  ])('fails where %s', async (_, agents, code, retryable) => {
    await expect(ask(agents)).rejects.toMatchObject({ code, retryable });
    await expect(ask(agents)).rejects.not.toThrow('password');
  });

  it('was cancelled where its signal says so', async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(ask({ clerk: () => Promise.reject(new Error('x')) }, abort.signal)).rejects.toThrow(CancelledFailure);
  });
});
