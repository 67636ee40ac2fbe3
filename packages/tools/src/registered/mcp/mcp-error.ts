import { CallerError, shortened, storableJson, ToolError } from '@aumos/agf-domain';
import { McpError } from '@modelcontextprotocol/sdk/types.js';

/** JSON-RPC 2.0, 5.1. */
const INVALID_PARAMS = -32_602;

/** What it says is no answer of the protocol. */
export const noAnswer = (): ToolError =>
  new ToolError('UPSTREAM_UNREACHABLE', 'the server gave no whole answer of its protocol', true, {
    reason: 'protocol',
  });

/** What ended an exchange, as a tool's error; a server's texts are told, and no more than that. */
export function asToolError(error: unknown): unknown {
  if (!(error instanceof McpError)) return error;
  const text = storableJson(shortened(error.message));
  if (error.code === INVALID_PARAMS) return new CallerError('INVALID_ARGUMENTS', text);
  return new ToolError('MCP_ERROR', text, false, { rpc_code: error.code });
}
