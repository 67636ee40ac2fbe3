import { canonicalJson } from '../../canonical/canonical-json.js';
import { FindingList } from '../../definition/findings.js';
import { snapshotJson } from '../../definition/snapshot.js';
import type { FieldError } from '../../errors/codes.js';
import type { Json, JsonObject } from '../../json/json.js';
import { jsonSize } from '../../json/size.js';
import type { McpAsked } from './check-mcp.js';
import { inputErrors, MOST_BYTES, outputErrors } from './check-schemas.js';
import { tooLarge } from './checked-input.js';
import { type McpOffer, offerHash } from './mcp-offer.js';
import { MCP_RESULT } from './mcp-result.js';
import type { McpToolDefinition } from './tool-definition.js';

/** `differs`: what was sent is not what the server says; `fields`: what the server says is no tool. */
export type PinnedTool = { definition: McpToolDefinition } | { differs: FieldError[] } | { fields: FieldError[] };

const MOST_DESCRIPTION = 4_096;
const MEMBERS = {
  name: 'name',
  title: 'title',
  description: 'description',
  inputSchema: 'input_schema',
  outputSchema: 'output_schema',
  annotations: 'annotations',
} as const;

/** What a server lists, copied: anything may be in it. Null: it is nothing that could be read. */
export function offerOf(listed: unknown): McpOffer | null {
  const findings = new FindingList();
  const copy = snapshotJson(listed, findings);
  if (findings.toArray().length > 0 || !isObject(copy) || typeof copy['name'] !== 'string') return null;
  const members = Object.entries(MEMBERS).flatMap(([theirs, ours]) => {
    const value = copy[theirs];
    return value === undefined ? [] : [[ours, value]];
  });
  return { input_schema: null, ...Object.fromEntries(members) } as McpOffer;
}

/** The tool with what its server says of it now, and that pinned. */
export function pinTool(asked: McpAsked, offer: McpOffer): PinnedTool {
  const { description: text, input_schema, output_schema: structured, title, annotations } = offer;
  if (jsonSize({ ...offer }) > MOST_BYTES) return { fields: [{ field: 'mcp.tool', error: tooLarge(MOST_BYTES) }] };
  const description = typeof text === 'string' && text !== '' ? text : asked.mcp.tool;
  const fields = [
    ...(description.length > MOST_DESCRIPTION
      ? [{ field: 'description', error: `has more than ${String(MOST_DESCRIPTION)} characters` }]
      : []),
    ...(isObject(input_schema) ? inputErrors(input_schema) : [{ field: 'input_schema', error: 'is none' }]),
    ...structuredErrors(structured),
  ];
  if (fields.length > 0) return { fields };
  const said = { description, input_schema: input_schema as JsonObject, output_schema: MCP_RESULT };
  const differs = Object.entries(said).flatMap(([field, value]) => {
    const sent = asked[field as keyof typeof said];
    return sent === undefined || canonicalJson(sent) === canonicalJson(value)
      ? []
      : [{ field, error: 'is not what the server says' }];
  });
  if (differs.length > 0) return { differs };
  const pin = {
    hash: offerHash(offer),
    ...(typeof title === 'string' ? { title } : {}),
    ...(isObject(structured) ? { output_schema: structured } : {}),
    ...(isObject(annotations) ? { annotations } : {}),
  };
  return { definition: { ...asked, ...said, mcp: { ...asked.mcp, pin } } };
}

/** Of a tool that is registered: what its tenant has written. */
export function askedOf({
  description: _d,
  input_schema: _i,
  output_schema: _o,
  ...tool
}: McpToolDefinition): McpAsked {
  const { pin: _pin, ...mcp } = tool.mcp;
  return { ...tool, mcp };
}

function structuredErrors(schema: Json | undefined): FieldError[] {
  if (schema === undefined) return [];
  if (!isObject(schema)) return [{ field: 'output_schema', error: 'is none' }];
  return outputErrors(schema);
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
