import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

/** What the server says of a tool, whatever that is. */
export interface McpToolSaid {
  name: string;
  inputSchema: object;
  [member: string]: unknown;
}

/** What a call gives, whatever that is. */
export type McpCallSaid = (
  args: Record<string, unknown>,
  request: IncomingMessage,
) => Record<string, unknown> | Promise<Record<string, unknown>>;

/** Answers a request in place of the server; false: it does not. */
export type McpInterception = (request: IncomingMessage, body: string, response: ServerResponse) => boolean;

/** A server that speaks MCP over streamable HTTP by the protocol's own library, and says what a test tells it to. */
export class McpTestServer {
  readonly calls: Record<string, unknown>[] = [];
  /** as they came: method, headers and the JSON-RPC method */
  readonly requests: { method: string; headers: IncomingMessage['headers']; rpc: string | undefined }[] = [];
  tools: McpToolSaid[] = [];
  /** answers are streams of events, as servers do by default, or plain JSON */
  streams = true;
  /** tools that one page lists */
  page = 100;
  intercept: McpInterception = () => false;
  private answer: McpCallSaid = () => ({ content: [{ type: 'text', text: 'ok' }] });

  private constructor(private readonly http: HttpServer) {}

  /** @param address default 127.0.0.1 */
  static async start(tools: McpToolSaid[] = [], address = '127.0.0.1'): Promise<McpTestServer> {
    const http = createServer();
    const server = new McpTestServer(http);
    server.tools = tools;
    const sessions = new Map<string, StreamableHTTPServerTransport>();
    http.on('request', (request, response) => void server.take(request, response, sessions));
    await new Promise<void>((resolve) => http.listen(0, address, resolve));
    return server;
  }

  /** as `URL.host` has it */
  get host(): string {
    const { address, port } = this.http.address() as AddressInfo;
    return `${address}:${String(port)}`;
  }

  get url(): string {
    return `http://${this.host}/mcp`;
  }

  /** From now on; calls and requests are counted anew. */
  says(answer: McpCallSaid): void {
    this.calls.length = 0;
    this.requests.length = 0;
    this.answer = answer;
  }

  async close(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  private async take(
    request: IncomingMessage,
    response: ServerResponse,
    sessions: Map<string, StreamableHTTPServerTransport>,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const message = (body === '' ? undefined : JSON.parse(body)) as { method?: string } | undefined;
    this.requests.push({ method: request.method ?? '', headers: request.headers, rpc: message?.method });
    if (this.intercept(request, body, response)) return;
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? sessions.get(id) : undefined;
    const transport = known ?? (await this.session(request, sessions));
    await transport.handleRequest(request, response, message);
  }

  private async session(
    request: IncomingMessage,
    sessions: Map<string, StreamableHTTPServerTransport>,
  ): Promise<StreamableHTTPServerTransport> {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableJsonResponse: !this.streams,
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    const server = new Server({ name: 'test', version: '1' }, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
      const from = Number(params?.cursor ?? 0);
      const next = from + this.page;
      const tools = this.tools.slice(from, next);
      return { tools, ...(next < this.tools.length ? { nextCursor: String(next) } : {}) };
    });
    server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
      const args = params.arguments ?? {};
      this.calls.push(args);
      return await this.answer(args, request);
    });
    await server.connect(transport);
    return transport;
  }
}
