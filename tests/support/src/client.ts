import { type Problem } from './views.js';

/** What the API answered, refusals included. */
export interface Answer<T = Body> {
  status: number;
  headers: Headers;
  /** parsed where it is JSON, else the text */
  body: T;
  text: string;
}

/** What an answer is read as where nothing better is known. */
export type Body = Partial<Problem> & Record<string, unknown>;

export interface Request {
  json?: unknown;
  /** a body as it is, with its content type if it shall have one */
  raw?: { type?: string; body: string | Uint8Array<ArrayBuffer> };
  headers?: Record<string, string>;
}

const TIMEOUT_MS = 60_000;
/** Paths whose 202 tells of a new execution. */
const STARTS = /\/(?:execute|(?<!\/bulk\/|\/deliveries\/[^/]+\/)(?:retry|fork|replay))$/;

/** Ids of every execution that a 202 told somebody of: none of them may be lost. */
export const acknowledged = new Set<string>();

/** One account at one base URL. Refusals are answers, not exceptions. */
export class Client {
  constructor(
    readonly base: string,
    readonly token: string | undefined,
  ) {}

  at(base: string): Client {
    return new Client(base, this.token);
  }

  /** @param path below the base, with /api/v1 put before it unless it begins with it */
  async request<T = Body>(method: string, path: string, { json, raw, headers }: Request = {}): Promise<Answer<T>> {
    const type = raw ? raw.type : json === undefined ? undefined : 'application/json';
    const response = await fetch(this.url(path), {
      method,
      headers: {
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...(type === undefined ? {} : { 'content-type': type }),
        ...headers,
      },
      body: raw ? raw.body : json === undefined ? undefined : JSON.stringify(json),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await textOf(response);
    const answer = { status: response.status, headers: response.headers, body: parsed(text) as T, text };
    if (answer.status === 202 && STARTS.test(path)) acknowledged.add((answer.body as { id: string }).id);
    return answer;
  }

  get<T = Body>(path: string, request?: Request): Promise<Answer<T>> {
    return this.request('GET', path, request);
  }

  post<T = Body>(path: string, json: unknown = {}, headers: Record<string, string> = {}): Promise<Answer<T>> {
    return this.request('POST', path, { json, headers });
  }

  /** @throws Error unless the answer has this status */
  async must<T = Body>(status: number, answer: Promise<Answer<T>>): Promise<T> {
    const { status: is, text, body } = await answer;
    if (is !== status) throw new Error(`expected ${String(status)}, got ${String(is)}: ${text.slice(0, 2000)}`);
    return body;
  }

  url(path: string): string {
    return `${this.base}${path.startsWith('/api/') ? '' : '/api/v1'}${path}`;
  }
}

/** A stream need not end: `follow` reads it. */
async function textOf(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.text();
  await response.body?.cancel();
  return '';
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
