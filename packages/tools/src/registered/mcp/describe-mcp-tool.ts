import { type McpOffer, type McpServer, type SecretResolver, type ToolContext } from '@aumos/agf-domain';
import { withMcpSession } from './mcp-session.js';

/** Asks a server what it says of its tool; null where it has none of that name. @throws ToolError, the signal's reason */
export const describeMcpTool = (
  server: McpServer,
  ports: Pick<ToolContext, 'outgoing' | 'signal'> & { secrets: SecretResolver },
): Promise<McpOffer | null> => withMcpSession(server, ports, (session) => session.offer());
