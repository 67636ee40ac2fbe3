import { MOST_BYTES } from './bounded-fetch.js';
import { asObject, isObject } from './objects.js';

interface StreamedCall {
  id?: unknown;
  type: 'function';
  function: { name?: unknown; arguments?: unknown };
}

/** Of a piece of a call, whatever it holds. */
const PIECE_CHARACTERS = 64;

/** Puts a completion together that came in pieces: nothing of them is taken for granted. */
export class StreamedCompletion {
  private readonly message: { content?: string; refusal?: string; tool_calls?: StreamedCall[] } = {};
  /** by the place that the server gives them */
  private readonly calls = new Map<unknown, StreamedCall>();
  private begun = false;
  private finish_reason: unknown = null;
  private usage: unknown = null;
  private characters = 0;

  /** @returns the text in this piece, maybe empty. @throws SyntaxError where the whole is too long */
  add(chunk: unknown): string {
    const { choices, usage } = asObject(chunk);
    if (isObject(usage)) this.usage = usage;
    const given: unknown = Array.isArray(choices) ? choices[0] : undefined;
    const { index = 0, delta, message, finish_reason } = asObject(given);
    if (!isObject(given) || index !== 0) return '';
    if (finish_reason !== undefined && finish_reason !== null) this.finish_reason = finish_reason;
    // Some send the whole message in one piece, by its name.
    return this.addDelta(asObject(delta ?? message));
  }

  /** Whether the model came to an end. */
  get finished(): boolean {
    return this.finish_reason !== null;
  }

  /** As an endpoint sends it that does not stream. */
  get whole(): object {
    const { message, finish_reason, usage } = this;
    return { choices: this.begun ? [{ message, finish_reason }] : [], usage };
  }

  private addDelta({ content, refusal, tool_calls }: Record<string, unknown>): string {
    this.begun = true;
    if (typeof refusal === 'string') this.message.refusal = (this.message.refusal ?? '') + this.counted(refusal);
    if (Array.isArray(tool_calls)) for (const call of tool_calls) this.addCall(asObject(call));
    if (typeof content !== 'string') return '';
    this.message.content = (this.message.content ?? '') + this.counted(content);
    return content;
  }

  private addCall({ index, id, function: called }: Record<string, unknown>): void {
    this.count(PIECE_CHARACTERS);
    const call = this.callAt(index, id);
    const { name, arguments: text } = asObject(called);
    if (typeof name === 'string' && name !== '') call.function.name = this.counted(name);
    const before = call.function.arguments;
    if (typeof text !== 'string') call.function.arguments = before ?? text;
    else call.function.arguments = (typeof before === 'string' ? before : '') + this.counted(text);
  }

  /** Some servers give no place, or all of them the same: then another id is another call. */
  private callAt(index: unknown, id: unknown): StreamedCall {
    const named = typeof id === 'string' && id !== '';
    const known = this.calls.get(index);
    if (known && (!named || known.id === undefined || known.id === id)) {
      if (named) known.id = id;
      return known;
    }
    const call: StreamedCall = { type: 'function', function: {}, ...(named ? { id } : {}) };
    this.calls.set(index, call);
    (this.message.tool_calls ??= []).push(call);
    return call;
  }

  private counted(text: string): string {
    this.count(text.length);
    return text;
  }

  private count(characters: number): void {
    this.characters += characters;
    if (this.characters > MOST_BYTES) throw new SyntaxError('the answer is too long');
  }
}
