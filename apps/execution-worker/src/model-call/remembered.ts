import type { Json } from '@aumos/agf-domain';
import type { ModelCall, RememberCall } from '@aumos/agf-engine/common';
import { isObject } from './objects.js';
import type { Message } from './transcript.js';

/** One thing that was said in a visit before. */
export interface Remembered {
  role: 'user' | 'assistant';
  content: string;
  /** whose answer it is */
  agent?: { id: string; name: string };
}

/** Of one question or answer; what is longer is cut. */
const CHARACTERS = 32_000;

/** A visit's question and answer, as a session keeps them. */
export function saidIn({ prompt, answer, agent }: RememberCall): Json[] {
  const { id, name } = agent;
  return [
    { role: 'user', content: textOf(prompt) },
    { role: 'assistant', content: textOf(answer), agent: { id, name } },
  ];
}

/** Others may have written to the session: what is none of that is left out. */
export const rememberedIn = (value: Json): Remembered[] =>
  Array.isArray(value) ? value.filter((each): each is Remembered & { [key: string]: Json } => isRemembered(each)) : [];

/** As the model reads it: what other agents answered is said of them, not by it. */
export const memoryMessages = (remembered: readonly Remembered[], { agent }: Pick<ModelCall, 'agent'>): Message[] =>
  remembered.map(({ role, content, agent: by }) => {
    if (role === 'user' || by === undefined || by.id === agent.id) return { role, content };
    return { role: 'user', content: `The agent ${by.name} answered: ${content}` };
  });

function isRemembered(value: Json): boolean {
  if (!isObject(value)) return false;
  const { role, content } = value;
  return (role === 'user' || role === 'assistant') && typeof content === 'string';
}

function textOf(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= CHARACTERS ? text : `${text.slice(0, CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
