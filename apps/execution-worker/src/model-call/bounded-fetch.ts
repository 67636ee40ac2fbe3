/** Of one answer. */
export const MOST_BYTES = 4 * 1024 * 1024;
/** Of one that comes in pieces, each of which has some hundred bytes around a word. What they hold is bounded apart. */
const MOST_STREAMED_BYTES = 16 * MOST_BYTES;

/** Follows nothing that leads elsewhere, and reads no answer without an end. */
export const boundedFetch = async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
  const response = await fetch(url, { ...init, redirect: 'error' });
  if (!response.body) return response;
  const most = isEventStream(response) ? MOST_STREAMED_BYTES : MOST_BYTES;
  let bytes = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > most) controller.error(new SyntaxError('the answer is too long'));
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(counted), { status, statusText, headers });
};

export const isEventStream = ({ headers }: Response): boolean =>
  /^text\/event-stream\s*(?:;|$)/i.test(headers.get('content-type') ?? '');
