import { createParser } from 'eventsource-parser';

type Id = string | number;

/** Looks for the answer to one request in what comes, as JSON or as a stream of events. Source: MCP, "Streamable HTTP". */
export interface AnswerFinder {
  /** Of a stream. @returns whether the answer is there: nothing that comes after it is waited for */
  take: (chunk: Uint8Array) => boolean;
  /** The answer's message, as JSON text; null where there is none. */
  of: (body: Uint8Array) => string | null;
}

export function answerFinder(id: Id): AnswerFinder {
  let streamed: string | null = null;
  const decoder = new TextDecoder();
  const parser = createParser({
    onEvent: ({ data, event = 'message' }) => {
      if (streamed === null && event === 'message' && answers(data, id)) streamed = data;
    },
  });
  return {
    take(chunk) {
      parser.feed(decoder.decode(chunk, { stream: true }));
      return streamed !== null;
    },
    of(body) {
      if (streamed !== null) return streamed;
      const text = new TextDecoder().decode(body);
      return answers(text, id) ? text : null;
    },
  };
}

/** Other messages of a stream are the server's own: it asks for nothing, and tells nothing, that is used. */
function answers(text: string, id: Id): boolean {
  try {
    const message: unknown = JSON.parse(text);
    if (typeof message !== 'object' || message === null) return false;
    return 'id' in message && message.id === id && ('result' in message || 'error' in message);
  } catch {
    return false;
  }
}
