import { type Client, acknowledged } from './client.js';

export interface Followed {
  id: number;
  event: string;
  data: Record<string, unknown>;
}

export interface Following {
  /** 200, or the refusal's */
  status: number;
  headers: Headers;
  /** until the server ends the stream, or the reader stops */
  events: AsyncGenerator<Followed>;
}

interface Options {
  method?: 'GET' | 'POST';
  json?: unknown;
  lastEventId?: number;
}

/** Reads server-sent events as a browser does: fields, comments, blank lines. */
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

async function* read(response: Response, stop: AbortController): AsyncGenerator<Followed> {
  let rest = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) {
      rest += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = parse(block);
        if (event) yield event;
      }
    }
  } finally {
    stop.abort();
  }
}

function parse(block: string): Followed | undefined {
  const fields = new Map(
    block
      .split('\n')
      .filter((line) => !line.startsWith(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const),
  );
  const [id, event, data] = ['id', 'event', 'data'].map((name) => fields.get(name));
  return data === undefined
    ? undefined
    : { id: Number(id), event: event ?? 'message', data: JSON.parse(data) as Record<string, unknown> };
}

/** Everything until the stream ends. */
export async function all({ events }: Following): Promise<Followed[]> {
  const seen: Followed[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}
