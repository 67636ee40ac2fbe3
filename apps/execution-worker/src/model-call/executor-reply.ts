import { type Json, jsonSize, type JsonObject, storableJson, ToolError } from '@aumos/agf-domain';
import { INVALID_RESULT, MODEL_REPLY_LIMIT, type ModelReply, type ModelToolCall } from '@aumos/agf-engine/common';
import { asObject, isObject } from './objects.js';

/** Of a whole reply, as JSON: a workflow carries it. */
const REPLY_BYTES = 1024 * 1024;
const NAME_CHARACTERS = 64;
const ID_CHARACTERS = 128;

/**
 * A step of an executor, `{calls: [{tool, arguments?, id?}], text?}` or `{answer}`, each with `usage?`, as a reply of a model:
 * nothing of it is taken for granted.
 * @param turn numbers calls that have no ids
 * @throws ToolError INVALID_RESULT, MODEL_REPLY_LIMIT
 */
export function executorReply(step: Json, turn: number): ModelReply {
  if (!isObject(step)) throw unreadable('it is no object');
  const { calls, answer, text, usage } = step;
  const used = usageOf(usage);
  if (Array.isArray(calls) && calls.length > 0) {
    const said = typeof text === 'string' ? storableJson(text) : null;
    return fitting({ text: said, calls: callsOf(calls, turn), finish: 'calls', usage: used });
  }
  if (answer === undefined) throw unreadable('it has neither calls nor an answer');
  const given = storableJson(answer);
  const asText = typeof given === 'string' ? given : JSON.stringify(given);
  return fitting({ text: asText, calls: [], finish: 'stop', usage: used, answer: given });
}

const unreadable = (why: string): ToolError =>
  new ToolError(INVALID_RESULT, `the executor's step is not one: ${why}`, false);

function fitting(reply: ModelReply): ModelReply {
  const bytes = jsonSize(reply);
  if (bytes <= REPLY_BYTES) return reply;
  const text = `the executor's step is ${String(bytes)} bytes of JSON; ${String(REPLY_BYTES)} are the most`;
  throw new ToolError(MODEL_REPLY_LIMIT, text, false, { bytes, limit: REPLY_BYTES });
}

function callsOf(given: readonly Json[], turn: number): ModelToolCall[] {
  const ids = new Set<string>();
  return given.map((each, i) => {
    const { id: own, tool, arguments: args = {} } = asObject(each);
    if (typeof tool !== 'string' || tool === '') throw unreadable(`calls[${String(i)}] names no tool`);
    if (!isObject(args)) throw unreadable(`the arguments of calls[${String(i)}] are no object`);
    const usable = typeof own === 'string' && own !== '' && own.length <= ID_CHARACTERS && !ids.has(own);
    const id = usable ? storableJson(own) : `call_${String(turn)}_${String(i + 1)}`;
    ids.add(id);
    return { id, name: storableJson(tool.slice(0, NAME_CHARACTERS)), arguments: storableJson(args as JsonObject) };
  });
}

/** What is not told was not used: an executor need not have a model. */
function usageOf(usage: unknown): ModelReply['usage'] {
  const { input_tokens, output_tokens } = asObject(usage);
  const count = (value: unknown): number =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
  return { input_tokens: count(input_tokens), output_tokens: count(output_tokens) };
}
