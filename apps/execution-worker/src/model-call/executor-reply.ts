import { type Json, type JsonObject, storableJson, ToolError } from '@aumos/agf-domain';
import { INVALID_RESULT, type ModelReply, type ModelToolCall } from '@aumos/agf-engine/common';
import { asObject, isObject } from './objects.js';
import { callIds, callName, fitting } from './reply-limits.js';

const STEP = "the executor's step";

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
    return fitting({ text: said, calls: callsOf(calls, turn), finish: 'calls', usage: used }, STEP);
  }
  if (answer === undefined) throw unreadable('it has neither calls nor an answer');
  const given = storableJson(answer);
  const asText = typeof given === 'string' ? given : JSON.stringify(given);
  return fitting({ text: asText, calls: [], finish: 'stop', usage: used, answer: given }, STEP);
}

const unreadable = (why: string): ToolError =>
  new ToolError(INVALID_RESULT, `the executor's step is not one: ${why}`, false);

function callsOf(given: readonly Json[], turn: number): ModelToolCall[] {
  const idOf = callIds(turn);
  return given.map((each, i) => {
    const { id: own, tool, arguments: args = {} } = asObject(each);
    if (typeof tool !== 'string' || tool === '') throw unreadable(`calls[${String(i)}] names no tool`);
    if (!isObject(args)) throw unreadable(`the arguments of calls[${String(i)}] are no object`);
    return { id: idOf(own, i), name: callName(tool), arguments: storableJson(args as JsonObject) };
  });
}

/** What is not told was not used: an executor need not have a model. */
function usageOf(usage: unknown): ModelReply['usage'] {
  const { input_tokens, output_tokens } = asObject(usage);
  const count = (value: unknown): number =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
  return { input_tokens: count(input_tokens), output_tokens: count(output_tokens) };
}
