import { describe, expect, it } from '@jest/globals';
import { readAnswer } from '../src/model-call/read-answer.js';
import { readReply } from '../src/model-call/read-reply.js';

const stream = (text: string, cut = text.length): Response => {
  const bytes = new TextEncoder().encode(text);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let i = 0; i < bytes.length; i += cut) controller.enqueue(bytes.slice(i, i + cut));
      controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
};
const events = (...chunks: unknown[]): string =>
  chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('') + 'data: [DONE]\n\n';
const delta = (of: object, more: object = {}) => ({ choices: [{ index: 0, delta: of, ...more }] });
const called = (...calls: object[]) => delta({ tool_calls: calls });

async function read(text: string, cut?: number) {
  const heard: string[] = [];
  const reply = readReply(await readAnswer(stream(text, cut), (piece) => heard.push(piece)), 1);
  return { reply, heard };
}

describe('an answer in pieces', () => {
  it.each([1, 2, 3, 7, 1000])('is the same however it is cut, here after every %d bytes', async (cut) => {
    const text = [
      '\uFEFF: a comment\r\n\r\n',
      'event: message\r\nid: 1\r\ndata: {"choices": [\r\ndata: {"delta": {"content": "Grö"}}]}\r\n\r\n',
      'data:{"choices":[{"index":0,"delta":{"content":"ße 👍"},"finish_reason":null}],"usage":null}\r\r',
      'data: {"choices":[{"index":1,"delta":{"content":"another choice"}}]}\n\n',
      'data: {"choices":[{"index":0,"delta":{},"finish_reason":"length"}]}\n\n',
      'data: {"choices":[],"usage":{"prompt_tokens":4,"completion_tokens":2}}\n\n',
      'data: [DONE]\n\ndata: not read any more\n\n',
    ].join('');
    const { reply, heard } = await read(text, cut);
    expect(reply).toEqual({
      ...{ text: 'Größe 👍', calls: [], finish: 'length' },
      usage: { input_tokens: 4, output_tokens: 2 },
    });
    expect(heard).toEqual(['Grö', 'ße 👍']);
  });

  it('has its calls put together by their places', async () => {
    const { reply } = await read(
      events(
        delta({ role: 'assistant', content: null }),
        called({ index: 0, id: 'a', function: { name: 'first', arguments: '' } }),
        called({ index: 1, id: 'b', function: { name: 'second' } }, { index: 0, function: { arguments: '{"n":' } }),
        called(
          { index: 1, id: 'b', function: { name: '', arguments: '{"m":' } },
          { index: 0, function: { arguments: '1}' } },
        ),
        called({ index: 1, function: { arguments: '2}' } }),
        delta({}, { finish_reason: 'tool_calls' }),
      ),
    );
    expect(reply).toMatchObject({
      ...{ finish: 'calls', text: null },
      calls: [
        { id: 'a', name: 'first', arguments: { n: 1 } },
        { id: 'b', name: 'second', arguments: { m: 2 } },
      ],
    });
  });

  it('tells calls apart that have no places, or all the same', async () => {
    for (const index of [undefined, 0]) {
      const call = (id: string) => called({ index, id, function: { name: id, arguments: '{}' } });
      const { reply } = await read(events(call('a'), call('b')));
      expect(reply.calls.map(({ id, name }) => [id, name])).toEqual([
        ['a', 'a'],
        ['b', 'b'],
      ]);
    }
  });

  it('is whole with its end or its mark, and broken off without both', async () => {
    expect((await read(events(delta({ content: 'x' })))).reply).toMatchObject({ text: 'x', finish: 'stop' });
    const unmarked = 'data: {"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]}\n';
    expect((await read(unmarked)).reply).toMatchObject({ text: 'x', finish: 'stop' });
    const broken = read(events(delta({ content: 'x' })).replace('data: [DONE]\n\n', ''));
    await expect(broken).rejects.toMatchObject({ code: 'UPSTREAM_UNREACHABLE', retryable: true });
  });

  it('of another shape is none, or malformed', async () => {
    for (const odd of [null, 1, [], {}, { choices: {} }, { choices: [null] }, { choices: [{ index: 3 }] }])
      await expect(read(events(odd))).rejects.toMatchObject({ code: 'MODEL_ERROR' });
    const odd = delta({
      content: { text: 'x' },
      refusal: 1,
      tool_calls: [null, 1, { index: -1, function: { arguments: {} } }],
    });
    const { reply } = await read(events(odd));
    expect(reply).toMatchObject({ text: null, calls: [{ name: '' }, { malformed: 'they are no text' }] });
  });
});
