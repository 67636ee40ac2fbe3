import {
  type Json,
  type JsonObject,
  type McpOffer,
  type McpServer,
  offerOf,
  parseUrlTemplate,
  type SecretReference,
  type SecretResolver,
  type ToolContext,
  ToolError,
} from '@aumos/agf-domain';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js';
import { z } from 'zod';
import { openedHeaders } from '../opened-headers.js';
import { redactionOf } from '../redaction.js';
import { type Exchange, guardedFetch } from './guarded-fetch.js';
import { asToolError } from './mcp-error.js';

/** Looked through for one tool. */
const MOST_PAGES = 20;
/** The tool's own time is less: it ends what takes longer. */
const REQUEST_MS = 120_000;

/** As the server sends them: nothing is dropped before it was pinned. */
const LIST = z.object({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });
const CALL = z.object({
  content: z.array(z.looseObject({ type: z.string() })).default([]),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  isError: z.boolean().optional(),
});
export type McpAnswer = z.infer<typeof CALL>;

/** Nothing is checked by code that is made of a server's schemas. */
const noValidator = {
  getValidator: () => (data: unknown) => ({ valid: true as const, data: data as never, errorMessage: undefined }),
};

/** What a server is asked by, in one session. */
export interface McpSession {
  /** What it says of the tool; null where it has none of that name. @throws ToolError */
  offer(): Promise<McpOffer | null>;
  /** @throws ToolError */
  call(args: JsonObject): Promise<McpAnswer>;
  /** Takes secrets out of what it gave. */
  hidden(value: Json): Json;
}

/** Opens a session, and closes it. @throws ToolError, the signal's reason */
export async function withMcpSession<T>(
  server: McpServer,
  ports: Pick<ToolContext, 'outgoing' | 'signal'> & { secrets: SecretResolver } & Pick<Exchange, 'call'>,
  use: (session: McpSession) => Promise<T>,
): Promise<T> {
  const { signal } = ports;
  const { host } = parseUrlTemplate(server.url);
  const secrets = await openedHeaders({ secrets: referencesOf(server), host }, ports.secrets);
  const redaction = redactionOf(Object.values(secrets));
  const headers = { ...textsOf(server), ...secrets };
  const exchange = { ...ports, headers, secretHeaders: Object.keys(secrets), redaction };
  const transport = new StreamableHTTPClientTransport(new URL(server.url), { fetch: guardedFetch(exchange) });
  const client = new Client(
    { name: 'aumos-agent-framework', version: '1' },
    { capabilities: {}, jsonSchemaValidator: noValidator },
  );
  // One of its own for each request: the library stays with it.
  const options = (): RequestOptions => ({ signal: AbortSignal.any([signal]), timeout: REQUEST_MS });
  try {
    await client.connect(transport, options());
    return await use({
      offer: () => offerIn(client, server.tool, options),
      call: (args) =>
        client.request({ method: 'tools/call', params: { name: server.tool, arguments: args } }, CALL, options()),
      hidden: redaction.value,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw asToolError(error);
  } finally {
    // It is told that the session is over; what it makes of that is its own.
    if (!signal.aborted) await transport.terminateSession().catch(() => undefined);
    await client.close().catch(() => undefined);
  }
}

async function offerIn(client: Client, tool: string, options: () => RequestOptions): Promise<McpOffer | null> {
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const params = cursor === undefined ? {} : { cursor };
    const { tools, nextCursor } = await client.request({ method: 'tools/list', params }, LIST, options());
    const listed = tools.find((each) => nameOf(each) === tool);
    if (listed !== undefined) {
      const offer = offerOf(listed);
      if (offer) return offer;
      throw new ToolError('MCP_ERROR', 'what the server says of the tool cannot be read');
    }
    if (nextCursor === undefined) return null;
    cursor = nextCursor;
  }
  throw new ToolError('MCP_ERROR', `the server lists more than ${String(MOST_PAGES)} pages of tools`);
}

const nameOf = (listed: unknown): unknown =>
  typeof listed === 'object' && listed !== null && 'name' in listed ? listed.name : undefined;

const isReference = (value: string | SecretReference): value is SecretReference => typeof value === 'object';

const headersOf = ({ headers = {} }: McpServer): [string, string | SecretReference][] =>
  Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);

const referencesOf = (server: McpServer): Record<string, SecretReference> =>
  Object.fromEntries(headersOf(server).flatMap(([name, value]) => (isReference(value) ? [[name, value]] : [])));

const textsOf = (server: McpServer): Record<string, string> =>
  Object.fromEntries(headersOf(server).flatMap(([name, value]) => (isReference(value) ? [] : [[name, value]])));
