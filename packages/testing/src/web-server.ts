import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A request as the server got it. */
export interface WebRequest {
  method: string;
  /** with its query */
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What is answered; a function writes it itself. */
export type WebAnswer =
  | { status?: number; headers?: Record<string, string | string[]>; body?: string | Uint8Array }
  | ((response: ServerResponse) => unknown);

type Site = (request: WebRequest, nth: number) => WebAnswer;

export interface WebServerOptions {
  /** default 127.0.0.1 */
  address?: string;
  /** default: a free one */
  port?: number;
  /** in PEM; with them it speaks TLS */
  tls?: { key: string; cert: string };
}

/** A web server that answers what a test tells it to, and keeps what it was asked. */
export class WebServer {
  readonly requests: WebRequest[] = [];

  private constructor(
    private readonly server: Server,
    private readonly scheme: 'http' | 'https',
    private site: Site,
  ) {}

  static async start(site: Site = () => ({}), options: WebServerOptions = {}): Promise<WebServer> {
    const { address = '127.0.0.1', port = 0, tls } = options;
    const server = tls ? createSecureServer(tls) : createServer();
    const web = new WebServer(server, tls ? 'https' : 'http', site);
    server.on('request', (request, response) => void web.answer(request, response));
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, address, resolve));
    return web;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Of this server by another of its names. */
  url(path = '/', host = '127.0.0.1'): string {
    return `${this.scheme}://${host}:${String(this.port)}${path}`;
  }

  /** From now on; requests are counted anew. */
  says(site: Site): void {
    this.requests.length = 0;
    this.site = site;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    const asked = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
    const said = this.site(asked, this.requests.push(asked));
    if (typeof said === 'function') return void said(response);
    response.writeHead(said.status ?? 200, said.headers);
    response.end(said.body);
  }
}
