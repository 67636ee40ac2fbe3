import type { Json, JsonSchema } from '@aumos/agf-domain';
import type { AgentAnswer, ModelCall, ModelReply, ModelToolCall } from '@aumos/agf-engine/common';
import type OpenAI from 'openai';

export type Message = OpenAI.Chat.Completions.ChatCompletionMessageParam;

/** A turn that was, as the journal has it: what the model was told before it, and what it said. */
export interface PastTurn {
  told: AgentAnswer[];
  reply: ModelReply;
}

/** Finds what a call gave. */
export type ResultOf = (at: { node: string; visit: number }) => Json | undefined;

/** Of one call's result; what is longer the model cannot read at once anyway. */
const RESULT_CHARACTERS = 100_000;

/** The whole conversation up to the turn that comes, in the protocol's words. */
export function transcriptOf(call: ModelCall, past: readonly PastTurn[], resultOf: ResultOf): Message[] {
  const { prompt, told } = call;
  const system = systemText(call);
  return [
    ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
    { role: 'user', content: typeof prompt === 'string' ? prompt : JSON.stringify(prompt) },
    ...past.flatMap((turn) => [...turn.told.map((each) => toldMessage(each, resultOf)), saidMessage(turn.reply)]),
    ...told.map((each) => toldMessage(each, resultOf)),
  ];
}

function systemText({ agent, response_schema }: ModelCall): string {
  if (response_schema === undefined) return agent.instructions;
  return [agent.instructions, schemaText(response_schema)].filter((text) => text !== '').join('\n\n');
}

const schemaText = (schema: JsonSchema): string =>
  `Your last answer is JSON and nothing else. It fits this JSON Schema: ${JSON.stringify(schema)}`;

function toldMessage(answer: AgentAnswer, resultOf: ResultOf): Message {
  if ('repair' in answer)
    return { role: 'user', content: `Your answer does not fit: ${answer.repair}. Answer again, with all of it.` };
  const content = 'error' in answer ? JSON.stringify({ error: answer.error }) : resultText(resultOf(answer.at));
  return { role: 'tool', tool_call_id: answer.id, content };
}

function resultText(result: Json | undefined): string {
  const text = JSON.stringify(result ?? null);
  if (text.length <= RESULT_CHARACTERS) return text;
  return `${text.slice(0, RESULT_CHARACTERS)}… (${String(text.length)} characters; the rest is left out)`;
}

function saidMessage({ text, calls }: ModelReply): Message {
  if (calls.length === 0) return { role: 'assistant', content: text ?? '' };
  return { role: 'assistant', content: text, tool_calls: calls.map(callMessage) };
}

const callMessage = (call: ModelToolCall): OpenAI.Chat.Completions.ChatCompletionMessageFunctionToolCall => ({
  id: call.id,
  type: 'function',
  // Servers refuse a conversation in which arguments are no JSON.
  function: { name: call.name, arguments: 'arguments' in call ? JSON.stringify(call.arguments) : '{}' },
});
