import type { Value } from '../../definition/definition.js';
import type { OutgoingMethod } from '../outgoing.js';
import type { ToolSpec } from '../tool.js';
import type { McpOffer, McpPin } from './mcp-offer.js';

/** What does a registered tool's work. */
export const TOOL_KINDS = ['http', 'function', 'mcp'] as const;
export type ToolKind = (typeof TOOL_KINDS)[number];

export const HTTP_TOOL_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const satisfies readonly OutgoingMethod[];

/** Stands for a header's value, which nobody reads but the server it is for. */
export interface SecretReference {
  /** name of the tenant's secret */
  secret: string;
  /** before it, as `Bearer ` */
  prefix?: string;
}

/** A request made of a call's `arguments`, and a result made of its `response`. Values may hold expressions over them. */
export interface HttpTarget {
  method: (typeof HTTP_TOOL_METHODS)[number];
  /** `{name}` in its path or query stands for the argument of that name */
  url: string;
  /** beside what the URL has; null leaves one out, a list repeats it */
  query?: { [name: string]: Value };
  headers?: { [name: string]: string | { cel: string } | SecretReference };
  /** sent as JSON */
  body?: Value;
  /** any status is a result; by default one that is not 2xx is an error */
  any_status?: boolean;
  /** over `arguments` and `response`; default: the response as `http_get` gives it */
  result?: Value;
}

/** For all of a tenant, in a fixed window that begins with its first call. */
export interface RateLimit {
  calls: number;
  seconds: number;
}

/** A handler of a team's own worker. */
export interface FunctionTarget {
  /** on which the team's worker takes calls */
  task_queue: string;
  handler: string;
}

/** A tool of a server that speaks MCP over streamable HTTP. */
export interface McpServer {
  url: string;
  /** as the server calls it */
  tool: string;
  headers?: { [name: string]: string | SecretReference };
}

export interface McpTarget extends McpServer {
  /** what the server said of it when it was registered, or reviewed last */
  pin: McpPin;
}

interface Registered extends Omit<ToolSpec, 'version'> {
  rate_limit?: RateLimit;
  /** of one call, in the tenant's own unit */
  cost?: number;
}

export interface HttpToolDefinition extends Registered {
  kind: 'http';
  http: HttpTarget;
}

export interface FunctionToolDefinition extends Registered {
  kind: 'function';
  function: FunctionTarget;
}

export interface McpToolDefinition extends Registered {
  kind: 'mcp';
  mcp: McpTarget;
}

/** A tool as a tenant writes it; its version is the registry's. */
export type ToolDefinition = HttpToolDefinition | FunctionToolDefinition | McpToolDefinition;

/** A tool whose server says something else of it than it did: until somebody has looked, no call is made. */
export interface ToolReview {
  reason: 'changed';
  /** of what the server says now */
  hash: string;
  /** what it says now; null where that is no tool that could be registered */
  offer: McpOffer | null;
  /** why it is none */
  problem: string | null;
  /** RFC 3339 */
  found_at: string;
}

/** One version of it, as the registry keeps it. */
export type RegisteredTool = ToolDefinition & {
  /** of this version */
  id: string;
  version: number;
  /** it waits for a review */
  held?: true;
};

/** What executions and models know of a tool: how it does its work is nobody else's. */
export const toolSpecOf = (tool: ToolSpec): ToolSpec => ({
  name: tool.name,
  version: tool.version,
  description: tool.description,
  category: tool.category,
  input_schema: tool.input_schema,
  output_schema: tool.output_schema,
  min_privilege_level: tool.min_privilege_level,
  idempotent: tool.idempotent,
  timeout_seconds: tool.timeout_seconds,
});
