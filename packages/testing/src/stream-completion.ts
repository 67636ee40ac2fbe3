import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { completion } from './completion.js';
import type { ModelRequest, ModelSaid } from './model-server.js';

/** However long a text is. */
const MOST_PIECES = 20;

/** As OpenAI's protocol streams, with its events cut at the worst places. */
export async function streamCompletion(
  response: ServerResponse,
  { model, stream_options }: ModelRequest['body'],
  said: ModelSaid,
): Promise<void> {
  const { choices, usage, ...head } = completion(model, said);
  const chunk = (more: object): string => JSON.stringify({ ...head, object: 'chat.completion.chunk', ...more });
  const deltas = deltasOf(choices[0].message);
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  await write(response, ': keep-alive\n\n');
  let sent = '';
  for (const [i, delta] of deltas.entries()) {
    if (i > 1) await said.meanwhile?.(sent);
    if (said.breaks_off && i >= deltas.length / 2) {
      response.destroy();
      return;
    }
    await write(response, `data: ${chunk({ choices: [{ index: 0, delta, finish_reason: null }], usage: null })}\n\n`);
    if (i % 5 === 1) await write(response, ': keep-alive\r\n\r\n');
    sent += delta.content ?? '';
  }
  const { finish_reason } = choices[0];
  await write(response, `data: ${chunk({ choices: [{ index: 0, delta: {}, finish_reason }], usage: null })}\r\n\r\n`);
  if (stream_options?.include_usage) await write(response, `data: ${chunk({ choices: [], usage })}\n\n`);
  await write(response, 'data: [DONE]\n\n');
  response.end();
}

interface Delta {
  role?: string;
  content?: string | null;
  refusal?: string;
  tool_calls?: object[];
}

function deltasOf({
  role,
  content,
  refusal,
  tool_calls = [],
}: ReturnType<typeof completion>['choices'][0]['message']): Delta[] {
  return [
    { role, content: content === null ? null : '' },
    ...pieces(content ?? '').map((piece) => ({ content: piece })),
    ...pieces(refusal ?? '').map((piece) => ({ refusal: piece })),
    ...tool_calls.flatMap(({ function: { name, arguments: text }, ...call }, index): Delta[] => [
      { tool_calls: [{ index, ...call, function: { name, arguments: '' } }] },
      ...pieces(text).map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] })),
    ]),
  ];
}

/** Half characters among them, as tokens are. */
function pieces(text: string): string[] {
  const length = Math.max(3, Math.ceil(text.length / MOST_PIECES));
  return Array.from({ length: Math.ceil(text.length / length) }, (_, i) => text.slice(i * length, (i + 1) * length));
}

/** In two parts: inside a character where there is one of several bytes, or else inside a line's end. */
async function write(response: ServerResponse, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  const inside = bytes.findIndex((byte) => (byte & 0xc0) === 0x80);
  const cut = inside === -1 ? bytes.length - 1 : inside;
  response.write(bytes.subarray(0, cut));
  await setImmediate();
  response.write(bytes.subarray(cut));
  await setImmediate();
}
