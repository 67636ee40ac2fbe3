import { describe, expect, it } from '@jest/globals';
import type { ModelCall } from '@aumos/agf-engine/common';
import { readReply } from '../src/model-call/read-reply.js';
import { transcriptOf } from '../src/model-call/transcript.js';

const of = (message: unknown, finish_reason: unknown = 'stop', usage?: unknown) =>
  readReply({ choices: [{ message, finish_reason }], usage }, 2);
const called = (...calls: unknown[]) => of({ content: null, tool_calls: calls }, 'tool_calls').calls;
const fn = (id: unknown, name: unknown, args: unknown) => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});

describe('what a model said', () => {
  it('is its text, or its calls, with what they cost', () => {
    const usage = { prompt_tokens: 5, completion_tokens: -1 };
    expect(of({ content: 'hello' }, 'stop', usage)).toEqual({
      ...{ text: 'hello', calls: [], finish: 'stop' },
      usage: { input_tokens: 5, output_tokens: null },
    });
    expect(of({ content: '', tool_calls: [fn('x', 't', '{"a": 1}')] })).toMatchObject({
      ...{ finish: 'calls', calls: [{ id: 'x', name: 't', arguments: { a: 1 } }] },
    });
  });

  it('may be cut off, or refused: then it calls nothing', () => {
    expect(of({ content: 'and th' }, 'length')).toMatchObject({ finish: 'length', text: 'and th' });
    const refusing = { content: null, refusal: 'I cannot', tool_calls: [fn('x', 't', '{}')] };
    expect(of(refusing)).toMatchObject({ finish: 'refused', text: 'I cannot', calls: [] });
    expect(of({ content: 'x' }, 'content_filter')).toMatchObject({ finish: 'refused' });
  });

  it('is told apart where its calls are malformed', () => {
    expect(
      called(fn('a', 't', '{"a":'), fn('b', 't', '[1]'), fn('c', 't', 7), fn('d', 't', ''), fn('e', 't', null)),
    ).toEqual([
      { id: 'a', name: 't', malformed: '{"a":' },
      { id: 'b', name: 't', malformed: '[1]' },
      { id: 'c', name: 't', malformed: 'they are no text' },
      { id: 'd', name: 't', arguments: {} },
      { id: 'e', name: 't', arguments: {} },
    ]);
  });

  it('gets ids and names of its own where those given are none', () => {
    const calls = called(fn('', 't', '{}'), fn('x', 't', '{}'), fn('x', 't', '{}'), fn(1, null, '{}'), null, 'no');
    expect(calls.map(({ id }) => id)).toEqual(['call_2_1', 'x', 'call_2_3', 'call_2_4', 'call_2_5', 'call_2_6']);
    expect(called(fn('a', 'n'.repeat(1000), '{}'))[0]?.name).toHaveLength(64);
  });

  it('can be stored, whatever it holds', () => {
    const hostile = '{"__proto__": {"admin": true}, "\\u0000": "\\ud800"}';
    const [call] = called(fn('a', 't', hostile));
    expect(JSON.stringify(call)).not.toMatch(/\\u0000|\\ud800/);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
    expect(of({ content: 'a\u0000b\ud800' }).text).toBe('a\uFFFDb\uFFFD');
  });

  it('is no longer than a workflow can carry', () => {
    const limit = expect.objectContaining({ code: 'MODEL_REPLY_LIMIT', retryable: false });
    expect(of({ content: 'x'.repeat(1_000_000) }).text).toHaveLength(1_000_000);
    expect(() => of({ content: 'x'.repeat(1_100_000) })).toThrow(limit);
    expect(() => called(fn('a', 't', JSON.stringify({ n: 'x'.repeat(1_100_000) })))).toThrow(limit);
    expect(() => called(...Array.from({ length: 50_000 }, () => ({})))).toThrow(limit);
  });

  it.each([[undefined], [{}], [{ choices: [] }], [{ choices: [{ message: null }] }], ['<html>']])(
    'is none: %j',
    (completion) => {
      expect(() => readReply(completion, 1)).toThrow(expect.objectContaining({ code: 'MODEL_ERROR', retryable: true }));
    },
  );
});

describe('the transcript', () => {
  const call = {
    agent: { instructions: 'Be brief.' },
    prompt: { ask: 1 },
    told: [{ id: 'c2', error: { code: 'APPROVAL_REJECTED', message: 'no', details: { notes: 'not today' } } }],
  } as unknown as ModelCall;

  it('has each turn with what it was told, and what its calls gave', () => {
    const usage = { input_tokens: null, output_tokens: null };
    const past = [
      {
        told: [],
        reply: { text: null, calls: [{ id: 'c1', name: 't', arguments: { n: 1 } }], finish: 'calls' as const, usage },
      },
      {
        told: [{ id: 'c1', at: { node: 'a~1~t', visit: 1 } }],
        reply: { text: 'hm', calls: [{ id: 'c2', name: 't', malformed: '{' }], finish: 'calls' as const, usage },
      },
    ];
    const messages = transcriptOf(call, past, ({ node, visit }) => ({
      ...{ text: `{"of": "${node}/${String(visit)}"}`, cut_from: null, edited: null },
    }));
    const use = (id: string, args: string) => ({ id, type: 'function', function: { name: 't', arguments: args } });
    expect(messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: '{"ask":1}' },
      { role: 'assistant', content: null, tool_calls: [use('c1', '{"n":1}')] },
      { role: 'tool', tool_call_id: 'c1', content: '{"of":"a~1~t/1"}' },
      { role: 'assistant', content: 'hm', tool_calls: [use('c2', '{}')] },
      { role: 'tool', tool_call_id: 'c2', content: expect.stringContaining('not today') },
    ]);
  });

  it('says what an answer must fit, what is wrong with one, and shortens what is too long to read', () => {
    const wanting = {
      ...call,
      response_schema: { type: 'object' },
      told: [{ repair: '/n is no integer' }],
    } as ModelCall;
    const [system, , repair] = transcriptOf(wanting, [], () => undefined);
    expect(system?.content).toBe(
      'Be brief.\n\nYour last answer is JSON and nothing else. It fits this JSON Schema: {"type":"object"}',
    );
    expect(repair).toMatchObject({ role: 'user', content: expect.stringContaining('/n is no integer') });
    const long = { ...call, told: [{ id: 'x', at: { node: 'a', visit: 1 } }] } as ModelCall;
    const [, , result] = transcriptOf(long, [], () => ({ text: '"xx', cut_from: 200_002, edited: null }));
    expect(result?.content).toBe('"xx… (200002 characters; the rest is left out)');
    const [, , edited] = transcriptOf(long, [], () => ({ text: '{"rows": 2}', cut_from: null, edited: { n: 2 } }));
    expect(edited?.content).toBe('Made with other arguments, edited by a person: {"n":2}. {"rows":2}');
  });
});
