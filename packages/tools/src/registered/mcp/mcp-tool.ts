import {
  type BuiltinTool,
  type Json,
  type JsonObject,
  type McpToolDefinition,
  offerHash,
  ToolError,
  toolSpecOf,
} from '@aumos/agf-domain';
import { mcpResult } from './mcp-result.js';
import { withMcpSession } from './mcp-session.js';
import { ToolChangedError } from './tool-changed-error.js';

/**
 * A tenant's tool of kind `mcp`, as any tool is run. In the session of each call the server is asked what it says of the tool
 * before it is called: of another word than the pinned one nothing is called.
 */
export function mcpTool(tool: McpToolDefinition & { version: number }): BuiltinTool {
  const { name, version, mcp, idempotent } = tool;
  return {
    spec: toolSpecOf(tool),
    run: (args: JsonObject, context): Promise<Json> => {
      const { outgoing, signal, secrets, effect_key } = context;
      const ports = { outgoing, signal, secrets, call: { idempotent, effect_key } };
      return withMcpSession(mcp, ports, async (session) => {
        const offer = await session.offer();
        if (!offer) throw new ToolError('TOOL_NOT_OFFERED', `the server has no tool ${mcp.tool}, or not any more`);
        if (offerHash(offer) !== mcp.pin.hash) throw new ToolChangedError({ name, version }, offer);
        return session.hidden(mcpResult(await session.call(args), mcp.pin));
      });
    },
  };
}
