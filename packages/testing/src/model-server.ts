import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { completion } from './completion.js';
import { streamCompletion } from './stream-completion.js';

/** A request as the server got it. */
export interface ModelRequest {
  headers: IncomingHttpHeaders;
  body: {
    model: string;
    messages: { role: string; content?: unknown; tool_calls?: unknown[]; tool_call_id?: string }[];
    tools?: { type: string; function: { name: string; description?: string; parameters?: unknown } }[];
    response_format?: { type: string };
    max_tokens?: number;
    stream?: boolean;
    stream_options?: { include_usage?: boolean };
  };
}

/** What the model says. */
export interface ModelSaid {
  text?: string;
  refusal?: string;
  /** arguments as they are, or the text that stands in their place */
  calls?: { id?: string; name: string; arguments?: object | string }[];
  finish?: string;
  usage?: { prompt_tokens: number; completion_tokens: number };
  /** as a whole, though asked to stream */
  whole?: true;
  /** waited for before each piece of a stream but the first; with the text that was sent so far */
  meanwhile?: (sent: string) => unknown;
  /** the connection ends after half of it */
  breaks_off?: true;
}

/** What the model says; or an answer of another form altogether, headers included. */
export type ModelAnswerSaid =
  | ModelSaid
  | { status: number; headers?: Record<string, string>; body?: unknown }
  /** the connection ends without an answer */
  | 'hang up'
  /** nothing comes until the caller gives up */
  | 'silence';

/** A request for embeddings as the server got it. */
export interface EmbeddingRequest {
  headers: IncomingHttpHeaders;
  body: { model: string; input: string | string[]; encoding_format?: string };
}

/** A vector a text, or a refusal. */
type Embedding = (request: EmbeddingRequest) => number[][] | { status: number; body?: unknown };

/** How often each letter is in it: texts of the same words are close. */
const lettersOf = (text: string): number[] =>
  Array.from({ length: 26 }, (_, i) => text.toLowerCase().split(String.fromCharCode(97 + i)).length - 1);

type Model = (request: ModelRequest, nth: number) => ModelAnswerSaid | Promise<ModelAnswerSaid>;

/** A server that speaks OpenAI's protocol of chat completions and embeddings, and says what a test tells it to. */
export class ModelServer {
  readonly requests: ModelRequest[] = [];
  readonly embedded: EmbeddingRequest[] = [];
  private embedding: Embedding = ({ body }) => [body.input].flat().map((text) => lettersOf(text));

  private constructor(
    private readonly server: Server,
    private model: Model,
  ) {}

  static async start(model: Model = () => ({ text: 'ok' })): Promise<ModelServer> {
    const server = createServer();
    const models = new ModelServer(server, model);
    server.on('request', (request, response) => void models.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return models;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}/v1`;
  }

  /** From now on, of texts; requests are counted anew. */
  embeds(embedding: Embedding): void {
    this.embedded.length = 0;
    this.embedding = embedding;
  }

  /** From now on; requests are counted anew. */
  says(...answers: (ModelAnswerSaid | Model)[]): void {
    this.requests.length = 0;
    this.model = (request, nth) => {
      const answer = answers[Math.min(nth, answers.length) - 1] ?? { text: '' };
      return typeof answer === 'function' ? answer(request, nth) : answer;
    };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    if (request.method === 'POST' && request.url === '/v1/embeddings')
      return this.embed({ headers: request.headers, body: JSON.parse(text) as EmbeddingRequest['body'] }, response);
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions') return send(response, 404, { error: {} });
    const body = JSON.parse(text) as ModelRequest['body'];
    const asked = { headers: request.headers, body };
    const said = await this.model(asked, this.requests.push(asked));
    if (said === 'silence') return;
    if (said === 'hang up') {
      response.destroy();
      return;
    }
    if ('status' in said) return send(response, said.status, said.body ?? { error: { message: 'no' } }, said.headers);
    if (body.stream && !said.whole) return streamCompletion(response, body, said);
    const whole = JSON.stringify(completion(body.model, said));
    if (said.breaks_off) return breakOff(response, whole);
    send(response, 200, whole);
  }

  private embed(asked: EmbeddingRequest, response: ServerResponse): void {
    this.embedded.push(asked);
    const { input, model } = asked.body;
    const texts = [input].flat();
    const said = this.embedding(asked);
    if (!Array.isArray(said)) return send(response, said.status, said.body ?? { error: { message: 'no' } });
    const data = said.map((embedding, index) => ({ object: 'embedding', index, embedding }));
    const tokens = texts.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0);
    send(response, 200, { object: 'list', model, data, usage: { prompt_tokens: tokens, total_tokens: tokens } });
  }
}

function breakOff(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.write(text.slice(0, text.length / 2), () => response.destroy());
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
