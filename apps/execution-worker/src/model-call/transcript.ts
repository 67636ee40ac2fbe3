import type { JsonSchema } from '@aumos/agf-domain';
import type { AgentAnswer, ModelCall, ModelReply, ModelToolCall } from '@aumos/agf-engine/common';
import type { SaidResult } from '@aumos/agf-persistence';
import type OpenAI from 'openai';

export type Message = OpenAI.Chat.Completions.ChatCompletionMessageParam;

/** A turn that was, as the journal has it: what the model was told before it, and what it said. */
export interface PastTurn {
  told: AgentAnswer[];
  reply: ModelReply;
}

/** Finds what a call gave. */
export type ResultOf = (at: { node: string; visit: number }) => Omit<SaidResult, 'node' | 'visit'> | undefined;

const NOTHING = { text: 'null', cut_from: null, edited: null };

/** The whole conversation up to the turn that comes, in the protocol's words. */
export function transcriptOf(
  call: ModelCall,
  past: readonly PastTurn[],
  resultOf: ResultOf,
  remembered: readonly Message[] = [],
): Message[] {
  const { prompt, told } = call;
  const system = systemText(call);
  return [
    ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
    ...remembered,
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
  return { role: 'tool', tool_call_id: answer.id, content: contentOf(answer, resultOf) };
}

function contentOf(answer: Exclude<AgentAnswer, { repair: string }>, resultOf: ResultOf): string {
  if ('error' in answer) return JSON.stringify({ error: answer.error });
  return 'result' in answer ? JSON.stringify(answer.result) : resultText(resultOf(answer.at));
}

function resultText({ text, cut_from, edited }: ReturnType<ResultOf> = NOTHING): string {
  // PostgreSQL writes spaces, which the model need not read.
  const result = cut_from === null ? JSON.stringify(JSON.parse(text)) : beginningOf(text, cut_from);
  return edited === null
    ? result
    : `Made with other arguments, edited by a person: ${JSON.stringify(edited)}. ${result}`;
}

const beginningOf = (text: string, cutFrom: number): string =>
  `${text}… (${String(cutFrom)} characters; the rest is left out)`;

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
