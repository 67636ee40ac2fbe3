import type { FieldError } from '../../errors/codes.js';
import type { JsonObject, JsonSchema } from '../../json/json.js';
import { headerErrors, repeated } from './check-headers.js';
import type { McpServer, McpToolDefinition } from './tool-definition.js';
import { parseUrlTemplate, UrlTemplateError } from './url-template.js';

/** A tool of kind `mcp` as a tenant writes it. What its server says of it may be there, too: then it must be that. */
export interface McpAsked extends Omit<McpToolDefinition, 'mcp' | 'description' | 'input_schema' | 'output_schema'> {
  description?: string;
  input_schema?: JsonObject;
  output_schema?: JsonSchema;
  mcp: McpServer;
}

/** The protocol's own. Source: MCP, "Streamable HTTP". */
const THE_PROTOCOLS = /^(?:accept|content-type|last-event-id|mcp-.*)$/i;

/** What nobody needs the server for. */
export function checkMcp({ mcp: { url, headers = {} }, min_privilege_level }: McpAsked): FieldError[] {
  const place = 'mcp.headers';
  return [
    ...urlErrors(url),
    ...Object.entries(headers).flatMap(([name, value]) => {
      const field = `${place}.${name}`;
      if (THE_PROTOCOLS.test(name)) return [{ field, error: "is the protocol's own" }];
      if (typeof value === 'object' && 'cel' in value)
        return [{ field, error: 'cannot be an expression: it is sent before any call' }];
      return headerErrors(place, name, value);
    }),
    ...repeated(place, Object.keys(headers)),
    ...(min_privilege_level < 2
      ? [
          {
            field: 'min_privilege_level',
            error: 'must be at least 2: what a server says that it only reads is its word',
          },
        ]
      : []),
  ];
}

function urlErrors(url: string): FieldError[] {
  const field = 'mcp.url';
  try {
    return parseUrlTemplate(url).names.map((name) => ({ field, error: `{${name}} stands for nothing` }));
  } catch (error) {
    if (error instanceof UrlTemplateError) return [{ field, error: error.message }];
    throw error;
  }
}
