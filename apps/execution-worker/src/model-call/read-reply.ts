import { type JsonObject, shortened, storableJson, ToolError } from '@aumos/agf-domain';
import { type ModelReply, type ModelToolCall } from '@aumos/agf-engine/common';
import { asObject, isObject } from './objects.js';
import { callIds, callName, fitting } from './reply-limits.js';

/**
 * What the model said, of a completion as the endpoint sent it: nothing of that is taken for granted.
 * @param turn numbers calls whose ids the endpoint left out, or gave twice
 * @throws ToolError MODEL_ERROR, retryable, where it is no completion; MODEL_REPLY_LIMIT, where it is too long
 */
export function readReply(completion: unknown, turn: number): ModelReply {
  const { choices, usage } = asObject(completion);
  const { message, finish_reason } = asObject(Array.isArray(choices) ? choices[0] : undefined);
  if (!isObject(message)) throw new ToolError('MODEL_ERROR', 'the endpoint answered without a message', true);
  const { content, refusal, tool_calls } = message;
  const calls = readCalls(Array.isArray(tool_calls) ? tool_calls : [], turn);
  const refused = (typeof refusal === 'string' && refusal !== '') || finish_reason === 'content_filter';
  const text = refused && typeof refusal === 'string' ? refusal : content;
  const reply: ModelReply = {
    text: typeof text === 'string' ? storableJson(text) : null,
    calls: refused ? [] : calls,
    finish: refused ? 'refused' : finish_reason === 'length' ? 'length' : calls.length > 0 ? 'calls' : 'stop',
    usage: readUsage(usage),
  };
  return fitting(reply, "the model's reply");
}

function readCalls(given: readonly unknown[], turn: number): ModelToolCall[] {
  const idOf = callIds(turn);
  return given.map((each, i) => {
    const { id: own, function: called } = asObject(each);
    const id = idOf(own, i);
    const { name, arguments: text } = asObject(called);
    const named = { id, name: typeof name === 'string' ? callName(name) : '' };
    return { ...named, ...readArguments(text) };
  });
}

/** A tool without arguments is called with an empty text by some. */
function readArguments(text: unknown): { arguments: JsonObject } | { malformed: string } {
  if (text === undefined || text === null || text === '') return { arguments: {} };
  if (typeof text !== 'string') return { malformed: 'they are no text' };
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return { arguments: storableJson(value as JsonObject) };
  } catch {
    // Told below.
  }
  return { malformed: storableJson(shortened(text)) };
}

function readUsage(usage: unknown): ModelReply['usage'] {
  const { prompt_tokens, completion_tokens } = asObject(usage);
  const count = (value: unknown): number | null =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
  return { input_tokens: count(prompt_tokens), output_tokens: count(completion_tokens) };
}
