import { ToolError } from '@aumos/agf-domain';
import OpenAI from 'openai';
import { isEventStream } from './bounded-fetch.js';
import { asObject, isObject } from './objects.js';
import { eventData } from './server-sent-events.js';
import { StreamedCompletion } from './streamed-completion.js';

/**
 * The completion that an endpoint answers with, in pieces as it was asked, or whole all the same.
 * @param heard gets the text as it comes
 * @throws ToolError, retryable, where the answer breaks off; SyntaxError where it cannot be read; APIError where the
 *   endpoint failed in the middle
 */
export async function readAnswer(response: Response, heard: (text: string) => void): Promise<unknown> {
  if (!isEventStream(response) || !response.body) return JSON.parse(await read(response.text()));
  const completion = new StreamedCompletion();
  const events = eventData(response.body);
  try {
    for (;;) {
      const next = await read(events.next());
      if (next.done && !completion.finished) throw brokenOff();
      if (next.done || next.value.startsWith('[DONE]')) return completion.whole;
      const chunk: unknown = JSON.parse(next.value);
      const { error } = asObject(chunk);
      if (isObject(error)) throw new OpenAI.APIError(statusOf(error), error, undefined, response.headers);
      const text = completion.add(chunk);
      if (text !== '') heard(text);
    }
  } finally {
    // Whatever comes after it is not waited for.
    await events.return(undefined).catch(() => undefined);
  }
}

/** What is too long is read no further; everything else that ends an answer is the connection's. */
const read = async <T>(reading: Promise<T>): Promise<T> =>
  reading.catch((error: unknown) => {
    throw error instanceof SyntaxError ? error : brokenOff();
  });

const brokenOff = (): ToolError =>
  new ToolError('UPSTREAM_UNREACHABLE', 'the endpoint of models broke off its answer', true);

/** Some say it, though they began with 200. */
const statusOf = ({ code }: Record<string, unknown>): number | undefined =>
  typeof code === 'number' && code >= 400 && code <= 599 ? code : undefined;
