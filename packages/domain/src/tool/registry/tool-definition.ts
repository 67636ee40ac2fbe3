import type { Value } from '../../definition/definition.js';
import type { OutgoingMethod } from '../outgoing.js';
import type { ToolSpec } from '../tool.js';

/** What does a registered tool's work. */
export const TOOL_KINDS = ['http'] as const;
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

/** A tool as a tenant writes it; its version is the registry's. */
export interface ToolDefinition extends Omit<ToolSpec, 'version'> {
  kind: ToolKind;
  rate_limit?: RateLimit;
  /** of one call, in the tenant's own unit */
  cost?: number;
  http: HttpTarget;
}

/** One version of it, as the registry keeps it. */
export interface RegisteredTool extends ToolDefinition {
  /** of this version */
  id: string;
  version: number;
}

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
