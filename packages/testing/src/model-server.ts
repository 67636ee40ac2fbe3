import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the server got it. */
export interface ModelRequest {
  headers: IncomingHttpHeaders;
  body: {
    model: string;
    messages: { role: string; content?: unknown; tool_calls?: unknown[]; tool_call_id?: string }[];
    tools?: { type: string; function: { name: string; description?: string; parameters?: unknown } }[];
    response_format?: { type: string };
    max_tokens?: number;
  };
}

/** What the model says; or an answer of another form altogether, headers included. */
export type ModelAnswerSaid =
  | {
      text?: string;
      refusal?: string;
      /** arguments as they are, or the text that stands in their place */
      calls?: { id?: string; name: string; arguments?: object | string }[];
      finish?: string;
      usage?: { prompt_tokens: number; completion_tokens: number };
    }
  | { status: number; headers?: Record<string, string>; body?: unknown }
  /** the connection ends without an answer */
  | 'hang up'
  /** nothing comes until the caller gives up */
  | 'silence';

type Model = (request: ModelRequest, nth: number) => ModelAnswerSaid | Promise<ModelAnswerSaid>;

/** A server that speaks OpenAI's protocol of chat completions, and says what a test tells it to. */
export class ModelServer {
  readonly requests: ModelRequest[] = [];

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
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions') return send(response, 404, { error: {} });
    const body = JSON.parse(Buffer.concat(chunks).toString()) as ModelRequest['body'];
    const asked = { headers: request.headers, body };
    const said = await this.model(asked, this.requests.push(asked));
    if (said === 'silence') return;
    if (said === 'hang up') {
      response.destroy();
      return;
    }
    if ('status' in said) return send(response, said.status, said.body ?? { error: { message: 'no' } }, said.headers);
    send(response, 200, completion(body.model, said));
  }
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function completion(
  model: string,
  { text, refusal, calls = [], finish, usage }: Extract<ModelAnswerSaid, { calls?: unknown }>,
): object {
  const tool_calls = calls.map(({ id, name, arguments: given = {} }, i) => ({
    id: id ?? `call_${String(i + 1)}`,
    type: 'function',
    function: { name, arguments: typeof given === 'string' ? given : JSON.stringify(given) },
  }));
  const message = {
    role: 'assistant',
    content: text ?? null,
    refusal: refusal ?? null,
    ...(tool_calls.length > 0 ? { tool_calls } : {}),
  };
  const finish_reason = finish ?? (tool_calls.length > 0 ? 'tool_calls' : 'stop');
  const { prompt_tokens, completion_tokens } = usage ?? { prompt_tokens: 7, completion_tokens: 3 };
  return {
    ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1_767_225_600, model },
    choices: [{ index: 0, message, finish_reason, logprobs: null }],
    usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
  };
}
