import { type ReadEvent, serverSentEvents } from '@aumos/agf-testing';
import { type Client, acknowledged } from './client.js';

export type Followed = ReadEvent;

export interface Following {
  /** 200, or the refusal's */
  status: number;
  headers: Headers;
  /** until the server ends the stream, or the reader stops */
  events: AsyncGenerator<ReadEvent>;
}

interface Options {
  method?: 'GET' | 'POST';
  json?: unknown;
  lastEventId?: number;
}

export async function follow(client: Client, path: string, options: Options = {}): Promise<Following> {
  const { method = 'GET', json, lastEventId } = options;
  const stop = new AbortController();
  const response = await fetch(client.url(path), {
    method,
    headers: {
      authorization: `Bearer ${client.token ?? ''}`,
      accept: 'text/event-stream',
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }),
    },
    body: json === undefined ? undefined : JSON.stringify(json),
    signal: AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)]),
  });
  const started = /executions\/([0-9a-f-]+)\/events/.exec(response.headers.get('location') ?? '')?.[1];
  if (started) acknowledged.add(started);
  return { status: response.status, headers: response.headers, events: read(response, stop) };
}

async function* read(response: Response, stop: AbortController): AsyncGenerator<ReadEvent> {
  try {
    yield* serverSentEvents(response);
  } finally {
    stop.abort();
  }
}

/** Everything until the stream ends. */
export async function all({ events }: Following): Promise<ReadEvent[]> {
  const seen: ReadEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}
